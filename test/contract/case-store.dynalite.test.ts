import { once } from "node:events";
import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { append, emptyChain } from "../../lib/domain/audit-chain.ts";
import type { DeletionAttempt } from "../../lib/domain/deletion-request.ts";
import type { CaseStore } from "../../lib/workflows/ports.ts";
import { keyArn, reaper, t0 } from "../doubles/key-world.ts";
import { describeCaseStore } from "./case-store.contract.ts";
import { localClient, storeOn } from "./dynamodb.ts";

async function startDynalite() {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  const client = localClient(address.port);
  const stop = async () => {
    client.destroy();
    server.close();
  };
  return { client, stop, ...(await storeOn(client)) };
}

describeCaseStore("embedded DynamoDB", startDynalite);

describe("case store: what lies in the table", () => {
  let client: DynamoDBClient;
  let store: CaseStore;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ client, store, stop } = await startDynalite());
  });
  afterAll(async () => await stop());

  const attempt = (n: number): DeletionAttempt => ({
    eventId: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
    at: t0,
    errorCode: "AccessDenied",
    requester: reaper,
  });
  const attemptsItem = async () => {
    const pk = { S: `attempts#${reaper.kind === "role-session" ? reaper.roleArn : ""}` };
    const Key = { pk, sk: { N: String(Math.floor(t0 / 3_600_000)) } };
    return (await client.send(new GetItemCommand({ TableName: "cases", Key }))).Item;
  };

  it("keeps 20 failed calls per principal and hour, each once, and counts the rest", async () => {
    for (let n = 0; n < 25; n++) await store.recordAttempt(attempt(n));
    for (let n = 0; n < 20; n++) await store.recordAttempt(attempt(n));
    const item = await attemptsItem();
    const kept = (item?.["attempts"]?.L ?? []).map(({ S }) => JSON.parse(S ?? ""));
    expect(kept).toEqual(Array.from({ length: 20 }, (_, n) => attempt(n)));
    expect(item?.["more"]?.N).toBe("5");
  });

  describe.each([
    ["an entry of unknown kind", (text: string) => text.replace("deletion-detected", "deletion-imagined")],
    ["a changed byte", (text: string) => text.replace("0.0.0", "0.0.1")],
    ["text that is no JSON", () => "{"],
    ["no entry at all", () => undefined],
  ])("an item with %s", (_, damage) => {
    it("is refused with CASE_UNREADABLE, and not overwritten", async () => {
      const arn = keyArn("damaged000000000");
      const chain = append(
        emptyChain,
        { kind: "deletion-detected", case: { keyArn: arn, generation: 1 }, source: "event", guardVersion: "0.0.0" },
        t0,
      );
      const entries = { L: [damage(chain.texts[0] ?? "")].flatMap((S) => (S === undefined ? [] : [{ S }])) };
      await client.send(
        new UpdateItemCommand({
          TableName: "cases",
          Key: { pk: { S: `case#${arn}` }, sk: { N: "1" } },
          UpdateExpression: "SET entries = :entries, head = :head, #format = :one",
          ExpressionAttributeNames: { "#format": "format" },
          ExpressionAttributeValues: { ":entries": entries, ":head": { S: chain.head }, ":one": { N: "1" } },
        }),
      );
      await expect(store.history(arn)).rejects.toMatchObject({ code: "CASE_UNREADABLE", disposition: "retry" });
    });
  });

  it("whose chain holds and begins with something else is refused with CASE_UNREADABLE", async () => {
    const arn = keyArn("headless00000000");
    const chain = append(emptyChain, { kind: "restored-by-others" }, t0);
    await client.send(
      new UpdateItemCommand({
        TableName: "cases",
        Key: { pk: { S: `case#${arn}` }, sk: { N: "1" } },
        UpdateExpression: "SET entries = :entries, head = :head, #format = :one",
        ExpressionAttributeNames: { "#format": "format" },
        ExpressionAttributeValues: {
          ":entries": { L: chain.texts.map((S) => ({ S })) },
          ":head": { S: chain.head },
          ":one": { N: "1" },
        },
      }),
    );
    await expect(store.history(arn)).rejects.toMatchObject({ code: "CASE_UNREADABLE" });
  });

  it("of a newer format is refused with CASE_UNREADABLE", async () => {
    const arn = keyArn("newerformat00000");
    await client.send(
      new UpdateItemCommand({
        TableName: "cases",
        Key: { pk: { S: `case#${arn}` }, sk: { N: "1" } },
        UpdateExpression: "SET #format = :two",
        ExpressionAttributeNames: { "#format": "format" },
        ExpressionAttributeValues: { ":two": { N: "2" } },
      }),
    );
    await expect(store.history(arn)).rejects.toMatchObject({ code: "CASE_UNREADABLE" });
  });

  it("answers STORE_UNAVAILABLE when the table cannot be reached", async () => {
    const { createCaseStore } = await import("../../lib/aws/case-store.ts");
    await expect(createCaseStore(client, "no-such-table").history(keyArn())).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      disposition: "retry",
    });
  });
});
