import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPauseBook } from "../../lib/aws/dynamodb/pause-book.ts";
import { append, emptyChain } from "../../lib/domain/ledger/chain.ts";
import { pauseChainName } from "../../lib/domain/ledger/chain-name.ts";
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

describe("an invalid pause in the table", () => {
  let world: Awaited<ReturnType<typeof startDynalite>>;
  beforeAll(async () => {
    world = await startDynalite();
  });
  afterAll(async () => await world.stop());

  /** Returns a request that its members number `number`, in the chain of pause `chainOf`. */
  const requested = (number: number, chainOf = number) => {
    const by = { person: "alice", reason: "INC-7", voter: { via: "slack", userId: "U0ALICE" } } as const;
    const before = emptyChain(pauseChainName(chainOf));
    const { texts, head } = append(before, { kind: "pause-requested", number, forMs: 3_600_000, ...by }, t0);
    return { entries: { L: texts.map((S) => ({ S })) }, head: { S: head } };
  };

  it.each([
    ["another pause", requested(2)],
    ["the request of another pause", requested(2, 1)],
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
