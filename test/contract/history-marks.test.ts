import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHistoryMarks } from "../../lib/aws/dynamodb/history-marks.ts";
import type { HistoryMarks } from "../../lib/workflows/ports/sweep.ts";
import { createMemoryMarks } from "../doubles/event-history.ts";
import { t0 } from "../doubles/key-world.ts";
import { startDynalite } from "./dynalite.ts";

const mark = { from: t0, settled: t0 + 1, seen: t0 + 2, speed: 0.5 };

let client: DynamoDBClient;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ client, stop } = await startDynalite());
});
afterAll(async () => await stop());

describe.each<[string, () => HistoryMarks]>([
  ["in memory", createMemoryMarks],
  ["in DynamoDB", () => createHistoryMarks(client, "cases")],
])("a mark of how far the event history was read, %s,", (_, create) => {
  it("is there once it was saved, and the last one counts", async () => {
    const marks = create();
    expect(await marks.read()).toBeUndefined();
    await marks.save(mark);
    expect(await marks.read()).toEqual(mark);
    await marks.save({ ...mark, seen: t0 + 3 });
    expect(await marks.read()).toEqual({ ...mark, seen: t0 + 3 });
  });
});

describe("a mark in DynamoDB", () => {
  it.each([
    ["is no JSON", "{"],
    ["lacks a member", JSON.stringify({ ...mark, seen: undefined })],
    ["has an infinite time", JSON.stringify(mark).replace(String(t0 + 2), "1e999")],
    ["says that later calls were read before earlier ones", JSON.stringify({ ...mark, settled: t0 + 3 })],
    ["has no speed", JSON.stringify({ ...mark, speed: 0 })],
  ])("counts as none if it %s", async (_, text) => {
    const Item = { pk: { S: "history-mark" }, sk: { N: "0" }, mark: { S: text } };
    await client.send(new PutItemCommand({ TableName: "cases", Item }));
    expect(await createHistoryMarks(client, "cases").read()).toBeUndefined();
  });

  it("is out of reach with a code", async () => {
    const marks = createHistoryMarks(client, "no-such-table");
    await expect(marks.read()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect(marks.save(mark)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });
});
