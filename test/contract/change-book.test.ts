import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keyOfChain } from "../../lib/aws/dynamodb/chain-key.ts";
import { createChangeBook } from "../../lib/aws/dynamodb/change-book.ts";
import { createTrailTable } from "../../lib/aws/dynamodb/trail-table.ts";
import { byRule, changeChain, changed, stopName, undone } from "../doubles/change-chains.ts";
import { createMemoryChangeBook } from "../doubles/change-world.ts";
import { describeChangeBook } from "./change-book.contract.ts";
import { startDynalite } from "./dynalite.ts";
import { hasJava, startDynamoDbLocal } from "./dynamodb-local.ts";

describeChangeBook("in memory", async () => ({ book: createMemoryChangeBook(), stop: async () => {} }));

describeChangeBook("embedded DynamoDB", async () => {
  const { client, table, stop } = await startDynalite();
  return { book: createChangeBook(client, table), stop };
});

if (hasJava)
  describeChangeBook("official DynamoDB Local", async () => {
    const { client, table, stop } = await startDynamoDbLocal();
    return { book: createChangeBook(client, table), stop };
  });
else
  describe("change book: official DynamoDB Local", () =>
    it.skip("LEFT OUT: there is no `java` on this machine", () => {}));

describe("the chain of a change in the table", () => {
  let world: Awaited<ReturnType<typeof startDynalite>>;
  beforeAll(async () => {
    world = await startDynalite();
  });
  afterAll(async () => await world.stop());

  const chain = changeChain(stopName, changed(stopName), byRule, undone);
  const another = changeChain({ ...stopName, hour: 7 }, changed(stopName));
  const itemOf = ({ texts, head }: Pick<typeof chain, "texts" | "head">) => ({
    entries: { L: texts.map((S) => ({ S })) },
    head: { S: head },
  });
  const put = async (item: object) =>
    await world.client.send(
      new PutItemCommand({ TableName: world.table, Item: { ...keyOfChain(chain.name), ...item } }),
    );

  it("is read by the sweep for the log under its name", async () => {
    await put(itemOf(chain));
    const found = [];
    for await (const each of createTrailTable(world.client, world.table).all()) found.push(each);
    expect(found).toEqual([{ name: chain.name, texts: chain.texts }]);
  });

  it.each([
    ["the entries of another hour", itemOf(another)],
    ["entries under another head", { ...itemOf(chain), head: { S: "0".repeat(64) } }],
    ["less than its head tells", { ...itemOf(chain), entries: { L: chain.texts.slice(1).map((S) => ({ S })) } }],
    ["no entries", {}],
  ])("is refused with CASE_UNREADABLE where it holds %s, and exported all the same", async (_, garbage) => {
    await put(garbage);
    const book = createChangeBook(world.client, world.table);
    await expect(book.read(stopName)).rejects.toMatchObject({ code: "CASE_UNREADABLE" });
    const names = [];
    for await (const { name } of createTrailTable(world.client, world.table).all()) names.push(name);
    expect(names).toEqual([chain.name]);
  });
});
