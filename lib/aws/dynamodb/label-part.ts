import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as v from "valibot";
import { type KeyArn, parseKeyArn } from "../../domain/key/key-arn.ts";
import type { KeyInventory } from "../../workflows/ports/guard.ts";
import type { LabelledKey } from "../../workflows/ports/sweep.ts";
import { inventoryPart } from "./inventory-part.ts";
import { type Item, numberValue, stringValue } from "./item.ts";
import { getItem } from "./store-call.ts";

const time = v.number();
const sighting = v.strictObject({ state: v.string(), since: time, at: time, first: v.exactOptional(v.literal(true)) });
const labelledKey = v.strictObject({
  labels: v.strictObject({ tags: v.record(v.string(), sighting), aliases: v.exactOptional(sighting) }),
  toRead: v.array(v.string()),
  triedAt: v.exactOptional(time),
  isNew: v.exactOptional(v.literal(true)),
});
const partSchema = v.record(
  v.custom<KeyArn>((arn) => parseKeyArn(arn) !== undefined),
  labelledKey,
);
/** Reads what the inventory has seen of the labels of a key. */
export function createLabelsSeen(client: DynamoDBClient, table: string): KeyInventory["labelsSeen"] {
  return async (keyArn) => {
    const keys = await readLabelPart(client, table, inventoryPart(keyArn));
    return keys === "unreadable" ? keys : keys.get(keyArn)?.labels;
  };
}

/** Reads a part of the label book. Throws STORE_UNAVAILABLE. */
export async function readLabelPart(
  client: DynamoDBClient,
  table: string,
  part: number,
): Promise<ReadonlyMap<KeyArn, LabelledKey> | "unreadable"> {
  const keys = parsed(partSchema, (await readText(client, table, `labels#${part}`)) ?? "{}");
  return keys === undefined
    ? "unreadable"
    : new Map(Object.entries(keys) as [string, LabelledKey][] as [KeyArn, LabelledKey][]);
}

/** Reads the text of one item of the book. Throws STORE_UNAVAILABLE. */
export async function readText(client: DynamoDBClient, table: string, pk: string): Promise<string | undefined> {
  return (await getItem(client, table, labelKey(pk)))?.["keys"]?.S;
}

/** Returns the key of an item of the book. */
export function labelKey(pk: string): Item {
  return { pk: stringValue(pk), sk: numberValue(0) };
}

/** Returns what `text` holds, or undefined where it does not fit `schema`. */
export function parsed<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
): v.InferOutput<Schema> | undefined {
  try {
    return v.parse(schema, JSON.parse(text));
  } catch {
    return undefined;
  }
}
