import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPauseBook } from "../../lib/aws/dynamodb/pause-book.ts";
import { append, emptyChain } from "../../lib/domain/ledger/chain.ts";
import { t0 } from "../doubles/key-world.ts";
import { createMemoryPauseBook } from "../doubles/memory-pause-book.ts";
import { startDynalite } from "./dynalite.ts";
import { hasJava, startDynamoDbLocal } from "./dynamodb-local.ts";
import { describePauseBook } from "./pause-book.contract.ts";

describePauseBook("in memory", async () => ({ book: createMemoryPauseBook(), stop: async () => {} }));

describePauseBook("embedded DynamoDB", async () => {
  const { client, table, stop } = await startDynalite();
  return { book: createPauseBook(client, table), stop };
});

if (hasJava)
  describePauseBook("official DynamoDB Local", async () => {
    const { client, table, stop } = await startDynamoDbLocal();
    return { book: createPauseBook(client, table), stop };
  });
else
  describe("pause book: official DynamoDB Local", () =>
    it.skip("LEFT OUT: there is no `java` on this machine", () => {}));

describe("a pause in the table that is none", () => {
  let world: Awaited<ReturnType<typeof startDynalite>>;
  beforeAll(async () => {
    world = await startDynalite();
  });
  afterAll(async () => await world.stop());

  const requested = (no: number) => {
    const said = { person: "alice", reason: "INC-7", voter: { via: "slack", userId: "U0ALICE" } } as const;
    const { texts, head } = append(emptyChain, { kind: "pause-requested", no, forMs: 3_600_000, ...said }, t0);
    return { entries: { L: texts.map((S) => ({ S })) }, head: { S: head } };
  };

  it.each([
    ["another pause", requested(2)],
    ["entries under another head", { ...requested(1), head: { S: "0".repeat(64) } }],
    ["no entries", {}],
    ["entries of something else", { entries: { L: [{ S: '{"kind":"decided"}' }] }, head: { S: "x" } }],
  ])("is refused with CASE_UNREADABLE: %s", async (_, garbage) => {
    const { client, table } = world;
    const Item = { pk: { S: "pause" }, sk: { N: "1" }, ...garbage };
    await client.send(new PutItemCommand({ TableName: table, Item }));
    const book = createPauseBook(client, table);
    await expect(book.latest()).rejects.toMatchObject({ code: "CASE_UNREADABLE" });
    await expect(book.read(1)).rejects.toMatchObject({ code: "CASE_UNREADABLE" });
  });
});
