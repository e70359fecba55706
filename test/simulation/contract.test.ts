import { Readable } from "node:stream";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { createDeletionLedger } from "../../lib/aws/dynamodb/deletion-ledger.ts";
import { createKnownStates } from "../../lib/aws/dynamodb/known-states.ts";
import { createNoticeBoard } from "../../lib/aws/dynamodb/notice-board.ts";
import { createPauseBook } from "../../lib/aws/dynamodb/pause-book.ts";
import { describeCaseStore } from "../contract/case-store.contract.ts";
import { storeOn } from "../contract/dynamodb.ts";
import { knownStatesContract } from "../contract/known-states.contract.ts";
import { describeNoticeBoard } from "../contract/notice-board.contract.ts";
import { describePauseBook } from "../contract/pause-book.contract.ts";
import { SimTable } from "./table/sim-table.ts";

interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Starts the real SDK client and the real adapter on the table of the simulation, without a socket. */
async function start() {
  const simulated = new SimTable("cases", { now: () => 0, lagMs: () => 0 });
  const requestHandler = {
    metadata: { handlerProtocol: "http/1.1" },
    handle: async ({ headers, body }: Sent) => {
      const operation = String(headers["x-amz-target"]).split(".")[1] ?? "";
      const answer = simulated.handle(operation, JSON.parse(body));
      const type = { "content-type": "application/x-amz-json-1.0" };
      const text = Readable.from([Buffer.from(JSON.stringify(answer.body))]);
      return { response: { statusCode: answer.status, headers: type, body: text, reason: "" } };
    },
  };
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const endpoint = "http://127.0.0.1:5901";
  const client = new DynamoDBClient({ endpoint, region: "us-east-1", credentials, requestHandler });
  return { client, simulated, ...(await storeOn(client)), stop: async () => client.destroy() };
}

describeCaseStore("the simulated table", start);
describeNoticeBoard("the simulated table", async () => {
  const { client, stop, table } = await start();
  return { board: createNoticeBoard(client, table), ledger: createDeletionLedger(client, table), stop };
});
describePauseBook("the simulated table", async () => {
  const { client, stop, table } = await start();
  return { book: createPauseBook(client, table), stop };
});

knownStatesContract("on the simulated table", async () => {
  const { client, table } = await start();
  return createKnownStates(client, table);
});

describe("the simulated table", () => {
  const put = (table: SimTable, n: number, more: object) =>
    table.handle("PutItem", { TableName: "t", Item: { pk: { S: "a" }, sk: { N: String(n) }, ...more } });
  const query = {
    TableName: "t",
    KeyConditionExpression: "pk = :pk",
    ExpressionAttributeValues: { ":pk": { S: "a" } },
  };

  it("counts the bytes of an item in UTF-8, and refuses more than 400 KB", () => {
    const table = new SimTable("t", { now: () => 0, lagMs: () => 0 });
    const text = "€".repeat(136_000);
    expect(text.length).toBeLessThan(400 * 1024);
    expect(put(table, 1, { text: { S: text } })).toMatchObject({ status: 200 });
    expect(table.largest).toMatchObject({ bytes: 408_011 });
    const large = put(table, 2, { text: { S: `${text}${"€".repeat(600)}` } });
    expect(large).toMatchObject({ status: 400, body: { __type: expect.stringContaining("ValidationException") } });
  });

  it("ends a page at 1 MB and goes on from there", () => {
    const table = new SimTable("t", { now: () => 0, lagMs: () => 0 });
    for (let n = 1; n <= 5; n++) put(table, n, { text: { S: "x".repeat(390_000) } });
    const first = table.handle("Query", query).body as { Count: number; LastEvaluatedKey: object };
    expect(first).toMatchObject({ Count: 3, LastEvaluatedKey: { pk: { S: "a" }, sk: { N: "3" } } });
    const rest = table.handle("Query", { ...query, ExclusiveStartKey: { pk: { S: "a" }, sk: { N: "3" } } });
    expect(rest.body).toMatchObject({ Count: 2 });
    expect(rest.body).not.toHaveProperty("LastEvaluatedKey");
  });

  it("shows a write in the index only after its lag", () => {
    let now = 0;
    const table = new SimTable("t", { now: () => now, lagMs: () => 500 });
    put(table, 1, { status: { S: "open" }, dueAt: { N: "7" } });
    const asked = {
      TableName: "t",
      IndexName: "byStatus",
      KeyConditionExpression: "#s = :s AND dueAt <= :now",
      ExpressionAttributeNames: { "#s": "status" },
      ExpressionAttributeValues: { ":s": { S: "open" }, ":now": { N: "9" } },
    };
    expect(table.handle("Query", asked).body).toMatchObject({ Count: 0 });
    now = 500;
    expect(table.handle("Query", asked).body).toMatchObject({ Count: 1, Items: [{ dueAt: { N: "7" } }] });
  });

  it.each([
    ["an unknown function", "attribute_type(pk, :pk)"],
    ["an unknown operator", "pk + :pk"],
    ["what is left over", "pk = :pk pk"],
    ["a value that is not used", "attribute_exists(pk)"],
  ])("refuses %s", (_, ConditionExpression) => {
    const table = new SimTable("t", { now: () => 0, lagMs: () => 0 });
    const Key = { pk: { S: "a" }, sk: { N: "1" } };
    const update = { TableName: "t", Key, ConditionExpression, UpdateExpression: "SET a = :pk" };
    const values = { ExpressionAttributeValues: { ":pk": { S: "a" } } };
    const unused = { ...values.ExpressionAttributeValues, ":more": { N: "1" } };
    const given = ConditionExpression === "attribute_exists(pk)" ? { ExpressionAttributeValues: unused } : values;
    expect(table.handle("UpdateItem", { ...update, ...given })).toMatchObject({
      status: 400,
      body: { __type: expect.stringContaining("ValidationException") },
    });
  });
});
