import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKeyInventory } from "../../lib/aws/dynamodb/key-inventory.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";
import { startDynalite } from "./dynalite.ts";

let client: DynamoDBClient;
let table = "";
let stop = async () => {};
beforeAll(async () => {
  ({ client, table, stop } = await startDynalite());
});
afterAll(async () => await stop());

const arn = (n: number) => keyArn(`inventory${String(n).padStart(8, "0")}`);

describe("the inventory of keys, on the embedded DynamoDB", () => {
  it("knows nothing before it was taken", async () => {
    const inventory = createKeyInventory(client, table);
    expect(await inventory.takenAt()).toBeUndefined();
    expect(await inventory.lastSeen(arn(1))).toBeUndefined();
  });

  it("keeps every key as it was last seen alive, and forgets those that are gone", async () => {
    const inventory = createKeyInventory(client, table);
    const seen = Array.from({ length: 300 }, (_, n) => ({
      arn: arn(n),
      alive: true,
      pending: false,
      enabled: n % 2 === 0,
    }));
    await inventory.take(seen, t0);
    expect(await inventory.takenAt()).toBe(t0);
    expect(await inventory.lastSeen(arn(8))).toEqual({ enabled: true, at: t0 });
    expect(await inventory.lastSeen(arn(9))).toEqual({ enabled: false, at: t0 });
    const pending = { arn: arn(8), alive: false, pending: true, enabled: false };
    const fresh = { arn: arn(500), alive: false, pending: true, enabled: true };
    await inventory.take([pending, fresh, { arn: arn(9), alive: true, pending: false, enabled: true }], t0 + 1);
    expect(await inventory.lastSeen(arn(8))).toEqual({ enabled: true, at: t0 });
    expect(await inventory.lastSeen(arn(9))).toEqual({ enabled: true, at: t0 + 1 });
    expect(await inventory.lastSeen(arn(500))).toBeUndefined();
    expect(await inventory.lastSeen(arn(7))).toBeUndefined();
  });

  it("says nothing by an item that cannot be read, nor by a name that every object has", async () => {
    const inventory = createKeyInventory(client, table);
    await inventory.take([{ arn: arn(1), alive: true, pending: false, enabled: true }], t0);
    expect(await inventory.lastSeen(keyArn("propertyIsEnumerable"))).toBeUndefined();
    for (let part = 0; part < 32; part++) {
      const Key = { pk: { S: `inventory#${part}` }, sk: { N: "0" } };
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key }));
      await client.send(new PutItemCommand({ TableName: table, Item: { ...Item, ...Key, keys: { S: '{"a":1}' } } }));
    }
    expect(await inventory.lastSeen(arn(1))).toBeUndefined();
    await inventory.take([{ arn: arn(1), alive: true, pending: false, enabled: false }], t0 + 2);
    expect(await inventory.lastSeen(arn(1))).toEqual({ enabled: false, at: t0 + 2 });
  });

  it("keeps each part within an item, however many keys an account has", async () => {
    const written: number[] = [];
    const send = async ({ input }: { input: { ExpressionAttributeValues?: Record<string, { S?: string }> } }) => {
      written.push(Buffer.byteLength(input.ExpressionAttributeValues?.[":keys"]?.S ?? ""));
      return {};
    };
    const keys = Array.from({ length: 100_000 }, (_, n) => ({
      arn: keyArn(`${"k".repeat(58)}${n + 100_000}`),
      alive: true,
      pending: false,
      enabled: false,
    }));
    await createKeyInventory({ send } as never, table).take(keys, t0);
    expect(Math.max(...written)).toBeGreaterThan(300_000);
    expect(Math.max(...written)).toBeLessThan(350_000);
  });

  it("is out of reach with a code", async () => {
    const inventory = createKeyInventory(client, "no-such-table");
    await expect(inventory.lastSeen(arn(1))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });
});
