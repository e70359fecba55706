import { type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import * as v from "valibot";
import { type KeyArn, parseKeyArn } from "../../domain/key/key-arn.ts";
import type { StateInventory, StateProgress } from "../../workflows/ports/sweep.ts";
import { type Item, numberValue, stringValue } from "./item.ts";
import { parsed } from "./label-part.ts";
import { getItem, unlessDown } from "./store-call.ts";

const Key: Item = { pk: stringValue("state-progress"), sk: numberValue(0) };

const part = v.pipe(v.number(), v.integer(), v.minValue(0));
const time = v.pipe(v.number(), v.finite(), v.minValue(0));
const after = v.exactOptional(v.custom<KeyArn>((arn) => parseKeyArn(arn) !== undefined));
const progressSchema = v.strictObject({
  readAt: v.array(v.tuple([part, time])),
  reading: v.exactOptional(v.strictObject({ part, beganAt: time, after })),
});

/** The progress of the stack in the table of cases: one item. A damaged one counts as none, and every part is read again. */
export function createStateProgress(
  client: DynamoDBClient,
  table: string,
): Pick<StateInventory, "progress" | "noteProgress"> {
  return {
    progress: async () => progressIn((await getItem(client, table, Key))?.["progress"]?.S ?? ""),
    noteProgress: async ({ readAt, reading }) => {
      const text = JSON.stringify({ readAt: [...readAt], ...(reading !== undefined && { reading }) });
      const update = {
        UpdateExpression: "SET progress = :progress",
        ExpressionAttributeValues: { ":progress": stringValue(text) },
      };
      await unlessDown(client.send(new UpdateItemCommand({ TableName: table, Key, ...update })));
    },
  };
}

function progressIn(text: string): StateProgress {
  const { readAt = [], reading } = parsed(progressSchema, text) ?? {};
  return { readAt: new Map(readAt), ...(reading !== undefined && { reading }) };
}
