import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createChangeBook } from "../../lib/aws/dynamodb/change-book.ts";
import { createChangePermitBook, createChangeQuestions } from "../../lib/aws/dynamodb/change-permit-book.ts";
import { createTrailTable } from "../../lib/aws/dynamodb/trail-table.ts";
import { changePermitChainName } from "../../lib/domain/ledger/chain-name.ts";
import { changeChain, changed, stopName } from "../doubles/change-chains.ts";
import { createMemoryQuestions } from "../doubles/change-questions.ts";
import { createMemoryChangeBook, createMemoryChangePermits } from "../doubles/change-world.ts";
import {
  changePermitBookContract,
  changeQuestionsContract,
  permitChain,
  requested,
} from "./change-permit-book.contract.ts";
import { startDynalite } from "./dynalite.ts";

describe("the permits for changes, in memory", () => {
  changePermitBookContract(async () => createMemoryChangePermits());
  changeQuestionsContract(async () => {
    const book = createMemoryChangePermits();
    return { book, questions: createMemoryQuestions(book) };
  });
});

describe("the permits for changes, in an embedded DynamoDB", () => {
  const worlds: Awaited<ReturnType<typeof startDynalite>>[] = [];
  afterAll(async () => void (await Promise.all(worlds.map(async ({ stop }) => await stop()))));
  const open = async () => {
    const world = await startDynalite();
    worlds.push(world);
    return world;
  };
  changePermitBookContract(async () => {
    const { client, table } = await open();
    return createChangePermitBook(client, table);
  });

  changeQuestionsContract(async () => {
    const { client, table } = await open();
    return { book: createChangePermitBook(client, table), questions: createChangeQuestions(client, table) };
  });

  it("are read by the sweep for the log under their names", async () => {
    const { client, table } = await open();
    const chain = permitChain(requested(1));
    await createChangePermitBook(client, table).save({ chain, expectedLength: 0 });
    const found = [];
    for await (const { name } of createTrailTable(client, table).all()) found.push(name);
    expect(found).toEqual([changePermitChainName(requested(1))]);
  });
});

describe.each([
  ["memory", async () => ({ book: createMemoryChangeBook(), stop: async () => {} })],
  [
    "an embedded DynamoDB",
    async () => {
      const { client, table, stop } = await startDynalite();
      return { book: createChangeBook(client, table), stop };
    },
  ],
])("the latest hour of a series of changes, in %s", (_, create) => {
  let made: Awaited<ReturnType<typeof create>>;
  beforeAll(async () => {
    made = await create();
  });
  afterAll(async () => await made.stop());

  it("is that of the newest chain of the operation and subject", async () => {
    expect(await made.book.latestHour(stopName)).toBeUndefined();
    for (const hour of [stopName.hour, stopName.hour + 3, stopName.hour + 1]) {
      const name = { ...stopName, hour };
      await made.book.save({ chain: changeChain(name, changed(name)), expectedLength: 0 });
    }
    expect(await made.book.latestHour(stopName)).toBe(stopName.hour + 3);
    expect(await made.book.latestHour({ ...stopName, operation: "start" })).toBeUndefined();
  });
});
