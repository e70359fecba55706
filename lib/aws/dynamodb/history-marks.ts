import { type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import * as v from "valibot";
import type { HistoryMark } from "../../domain/case/history-mark.ts";
import type { HistoryMarks } from "../../workflows/ports/sweep.ts";
import { type Item, numberValue, stringValue } from "./item.ts";
import { getItem, unlessDown } from "./store-call.ts";

const Key: Item = { pk: stringValue("history-mark"), sk: numberValue(0) };

const time = v.pipe(v.number(), v.finite(), v.minValue(0));
const markSchema = v.pipe(
  v.object({ from: time, settled: time, seen: time, speed: v.pipe(v.number(), v.finite(), v.gtValue(0)) }),
  v.check(({ from, settled, seen }) => from <= settled && settled <= seen),
);

/** The mark of the stack in the table of cases: one item. One that is damaged counts as none, and the history is read again. */
export function createHistoryMarks(client: DynamoDBClient, table: string): HistoryMarks {
  return {
    read: async () => markIn((await getItem(client, table, Key))?.["mark"]?.S ?? ""),
    save: async (mark) => {
      const update = {
        UpdateExpression: "SET #mark = :mark",
        ExpressionAttributeNames: { "#mark": "mark" },
        ExpressionAttributeValues: { ":mark": stringValue(JSON.stringify(mark)) },
      };
      await unlessDown(client.send(new UpdateItemCommand({ TableName: table, Key, ...update })));
    },
  };
}

function markIn(text: string): HistoryMark | undefined {
  try {
    return v.parse(markSchema, JSON.parse(text));
  } catch {
    return undefined;
  }
}
