import { type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import * as v from "valibot";
import { type KeyArn, parseKeyArn } from "../../domain/key/key-arn.ts";
import type { LabelBook, LabelledKey } from "../../workflows/ports/sweep.ts";
import { inventoryPart, inventoryParts } from "./inventory-part.ts";
import { type Item, numberValue, stringValue } from "./item.ts";
import { getItem, unlessDown } from "./store-call.ts";

/** DynamoDB refuses an item over 400 KB. A key without room is as one that was never seen. */
const maxPartBytes = 300_000;

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
const timesSchema = v.array(v.tuple([v.number(), time]));

/** The label book in the table of cases: items `labels#<part>`, and `labels` with the times of the parts. */
export function createLabelBook(client: DynamoDBClient, table: string): LabelBook {
  const read = async (pk: string) => (await getItem(client, table, keyOf(pk)))?.["keys"]?.S;
  const write = async (pk: string, text: string) => {
    const update = {
      UpdateExpression: "SET #keys = :keys",
      ExpressionAttributeNames: { "#keys": "keys" },
      ExpressionAttributeValues: { ":keys": stringValue(text) },
    };
    await unlessDown(client.send(new UpdateItemCommand({ TableName: table, Key: keyOf(pk), ...update })));
  };
  return {
    parts: inventoryParts,
    partOf: inventoryPart,
    // Times that cannot be read only mean that every part is read again.
    readAt: async () => new Map(parsed(timesSchema, (await read("labels")) ?? "[]") ?? []),
    noteReadAt: async (times) => await write("labels", JSON.stringify([...times])),
    read: async (part) => {
      const keys = parsed(partSchema, (await read(`labels#${part}`)) ?? "{}");
      return keys === undefined
        ? "unreadable"
        : new Map(Object.entries(keys) as [string, LabelledKey][] as [KeyArn, LabelledKey][]);
    },
    write: async (part, keys) => {
      const kept = fitting(keys);
      await write(`labels#${part}`, `{${kept.join(",")}}`);
      return keys.size - kept.length;
    },
  };
}

const keyOf = (pk: string): Item => ({ pk: stringValue(pk), sk: numberValue(0) });

/** The JSON of each key that has room. */
function fitting(keys: ReadonlyMap<KeyArn, LabelledKey>): readonly string[] {
  let left = maxPartBytes;
  return [...keys].flatMap(([arn, key]) => {
    const member = `${JSON.stringify(arn)}:${JSON.stringify(key)}`;
    const bytes = Buffer.byteLength(member) + 1;
    if (bytes > left) return [];
    left -= bytes;
    return [member];
  });
}

function parsed<Schema extends v.GenericSchema>(schema: Schema, text: string): v.InferOutput<Schema> | undefined {
  try {
    return v.parse(schema, JSON.parse(text));
  } catch {
    return undefined;
  }
}
