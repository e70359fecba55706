import { type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import * as v from "valibot";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { LabelBook, LabelledKey } from "../../workflows/ports/sweep.ts";
import { inventoryPart, inventoryParts } from "./inventory-part.ts";
import { stringValue } from "./item.ts";
import { labelKey, parsed, readLabelPart, readText } from "./label-part.ts";
import { unlessDown } from "./store-call.ts";

/** DynamoDB refuses an item over 400 KB. A key without room is as one that was never seen. */
const maxPartBytes = 300_000;

const timesSchema = v.array(v.tuple([v.number(), v.number()]));

/** The label book in the table of cases: items `labels#<part>`, and `labels` with the times of the parts. */
export function createLabelBook(client: DynamoDBClient, table: string): LabelBook {
  const write = async (pk: string, text: string) => {
    const update = {
      UpdateExpression: "SET #keys = :keys",
      ExpressionAttributeNames: { "#keys": "keys" },
      ExpressionAttributeValues: { ":keys": stringValue(text) },
    };
    await unlessDown(client.send(new UpdateItemCommand({ TableName: table, Key: labelKey(pk), ...update })));
  };
  return {
    parts: inventoryParts,
    partOf: inventoryPart,
    // Times that cannot be read only mean that every part is read again.
    readAt: async () => new Map(parsed(timesSchema, (await readText(client, table, "labels")) ?? "[]") ?? []),
    noteReadAt: async (times) => await write("labels", JSON.stringify([...times])),
    read: async (part) => await readLabelPart(client, table, part),
    write: async (part, keys) => {
      const kept = fitting(keys);
      await write(`labels#${part}`, `{${kept.join(",")}}`);
      return keys.size - kept.length;
    },
  };
}

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
