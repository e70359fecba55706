import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKeyInventory } from "../../lib/aws/dynamodb/key-inventory.ts";
import { createLabelBook } from "../../lib/aws/dynamodb/label-book.ts";
import { createLabelsSeen } from "../../lib/aws/dynamodb/label-part.ts";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import type { LabelledKey } from "../../lib/workflows/ports/sweep.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";
import { createMemoryLabelBook } from "../doubles/label-inventory.ts";
import { startDynalite } from "./dynalite.ts";
import { labelBookContract } from "./label-book.contract.ts";

let client: DynamoDBClient;
let table = "";
let stop = async () => {};
beforeAll(async () => {
  ({ client, table, stop } = await startDynalite());
});
afterAll(async () => await stop());

const names = ["labels", ...Array.from({ length: 32 }, (_, part) => `labels#${part}`)];
const keyOf = (pk: string) => ({ pk: { S: pk }, sk: { N: "0" } });

labelBookContract("in memory", async () => createMemoryLabelBook());
labelBookContract("on the embedded DynamoDB", async () => {
  for (const pk of names) await client.send(new DeleteItemCommand({ TableName: table, Key: keyOf(pk) }));
  return createLabelBook(client, table);
});

describe("the label book in a table", () => {
  const key: LabelledKey = { labels: { tags: {}, aliases: { state: "alias/a", since: t0, at: t0 } }, toRead: [] };

  it("is what the inventory answers by", async () => {
    const [book, labelsSeen] = [createLabelBook(client, table), createLabelsSeen(client, table)];
    await book.write(book.partOf(keyArn()), new Map([[keyArn(), key]]));
    expect(await labelsSeen(keyArn())).toEqual(key.labels);
    expect(await labelsSeen(keyArn("unknownunknown00"))).toBeUndefined();
  });

  it.each([
    ["text that is no JSON", "{"],
    ["a key that is no ARN", '{"a":{"labels":{"tags":{}},"toRead":[]}}'],
    [
      "a sighting without a time",
      `{"${keyArn()}":{"labels":{"tags":{},"aliases":{"state":"x","since":1}},"toRead":[]}}`,
    ],
    ["a member that it does not know", `{"${keyArn()}":{"labels":{"tags":{}},"toRead":[],"old":true}}`],
  ])("is unreadable with %s, and written again", async (_, text) => {
    const [book, labelsSeen] = [createLabelBook(client, table), createLabelsSeen(client, table)];
    const part = book.partOf(keyArn());
    await client.send(
      new PutItemCommand({ TableName: table, Item: { ...keyOf(`labels#${part}`), keys: { S: text } } }),
    );
    expect(await book.read(part)).toBe("unreadable");
    expect(await labelsSeen(keyArn())).toBe("unreadable");
    await book.write(part, new Map([[keyArn(), key]]));
    expect(await book.read(part)).toEqual(new Map([[keyArn(), key]]));
  });

  it("reads every part again where its times cannot be read", async () => {
    await client.send(new PutItemCommand({ TableName: table, Item: { ...keyOf("labels"), keys: { S: '{"0":1}' } } }));
    expect(await createLabelBook(client, table).readAt()).toEqual(new Map());
  });

  it("keeps each part within an item, and says how many keys had no room", async () => {
    const written: number[] = [];
    const send = async ({ input }: { input: { ExpressionAttributeValues?: Record<string, { S?: string }> } }) => {
      written.push(Buffer.byteLength(input.ExpressionAttributeValues?.[":keys"]?.S ?? ""));
      return {};
    };
    const tags = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [
        `${"一".repeat(126)}${n + 10}`,
        { state: `=${"二".repeat(256)}`, since: t0, at: t0 },
      ]),
    );
    const keys = Array.from({ length: 100 }, (_, n): [KeyArn, LabelledKey] => [
      keyArn(`${"k".repeat(60)}${n + 100}`),
      { labels: { tags }, toRead: Object.keys(tags) },
    ]);
    const left = await createLabelBook({ send } as never, table).write(0, new Map(keys));
    expect(left).toBeGreaterThan(50);
    expect(left).toBeLessThan(100);
    expect(Math.max(...written)).toBeGreaterThan(250_000);
    expect(Math.max(...written)).toBeLessThan(350_000);
  });

  it("is out of reach with a code", async () => {
    const book = createLabelBook(client, "no-such-table");
    await expect(book.read(0)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect(book.write(0, new Map())).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect(book.readAt()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });
});

describe("the inventory", () => {
  it("names the keys that are certain to be new", async () => {
    const inventory = createKeyInventory(client, table);
    const live = (n: number) => ({
      arn: keyArn(`newornotnew${String(n).padStart(5, "0")}`),
      alive: true,
      pending: false,
      enabled: true,
    });
    expect(await inventory.take([live(1), live(2)], t0)).toEqual(new Set([live(1).arn, live(2).arn]));
    expect(await inventory.take([live(1), live(3)], t0 + 1)).toEqual(new Set([live(3).arn]));
    const broken = Array.from({ length: 32 }, (_, part) => ({ ...keyOf(`inventory#${part}`), keys: { S: "?" } }));
    for (const Item of broken) await client.send(new PutItemCommand({ TableName: table, Item }));
    expect(await inventory.take([live(1), live(4)], t0 + 2)).toEqual(new Set());
  });
});
