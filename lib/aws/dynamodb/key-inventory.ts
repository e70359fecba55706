import { type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import * as v from "valibot";
import type { KeySighting } from "../../domain/case/usage-evidence.ts";
import { type KeyArn, keyArnParts } from "../../domain/key/key-arn.ts";
import type { InventoriedKey, KeyInventory } from "../../workflows/ports/guard.ts";
import { inventoryPart, inventoryParts as parts } from "./inventory-part.ts";
import { type Item, numberValue, stringValue } from "./item.ts";
import { getItem, unlessDown } from "./store-call.ts";

/** Keys of one part, at most 110 bytes each; DynamoDB refuses an item over 400 KB. A key without a sighting is not started unasked. */
const maxKeysOfPart = 3_000;

const sightings = v.record(v.string(), v.object({ enabled: v.boolean(), at: v.number() }));
type Sightings = v.InferOutput<typeof sightings>;

/** The inventory in the table of cases: items `inventory#<part>`, and `inventory` with the time it was taken. */
export function createKeyInventory(client: DynamoDBClient, table: string): Omit<KeyInventory, "labelsSeen"> {
  const read = async (key: Item): Promise<Item> => (await getItem(client, table, key)) ?? {};
  const write = async (key: Item, keys: Sightings, at: number) => {
    const values = { ":keys": stringValue(JSON.stringify(keys)), ":at": numberValue(at) };
    const update = { UpdateExpression: "SET #keys = :keys, #at = :at", ExpressionAttributeValues: values };
    const names = { ExpressionAttributeNames: { "#keys": "keys", "#at": "at" } };
    await unlessDown(client.send(new UpdateItemCommand({ TableName: table, Key: key, ...update, ...names })));
  };
  return {
    lastSeen: async (keyArn) => sightingsIn(await read(partKey(inventoryPart(keyArn))))?.get(keyArnParts(keyArn).keyId),
    takenAt: async () => {
      const at = (await read(takenKey))["at"]?.N;
      return at === undefined ? undefined : Number(at);
    },
    take: async (keys, at) => {
      const byPart = Map.groupBy(keys, ({ arn }) => inventoryPart(arn));
      const fresh: KeyArn[] = [];
      for (let part = 0; part < parts; part++) {
        const own = byPart.get(part) ?? [];
        const before = sightingsIn(await read(partKey(part)));
        if (before !== undefined)
          fresh.push(...own.map(({ arn }) => arn).filter((arn) => !before.has(keyArnParts(arn).keyId)));
        await write(partKey(part), merged(before ?? new Map(), own, at), at);
      }
      // Last, so that an inventory that was broken off is taken again.
      await write(takenKey, {}, at);
      return new Set(fresh);
    },
  };
}

const takenKey: Item = { pk: stringValue("inventory"), sk: numberValue(0) };

const partKey = (part: number): Item => ({ pk: stringValue(`inventory#${part}`), sk: numberValue(0) });

/** An item that cannot be read says nothing: what is unknown only means that a person is asked. */
function sightingsIn(item: Item): ReadonlyMap<string, KeySighting> | undefined {
  try {
    return new Map(Object.entries(v.parse(sightings, JSON.parse(item["keys"]?.S ?? "{}"))));
  } catch {
    return undefined;
  }
}

function merged(before: ReadonlyMap<string, KeySighting>, keys: readonly InventoriedKey[], at: number): Sightings {
  const seen = keys.flatMap(({ arn, alive, enabled }) => {
    const { keyId } = keyArnParts(arn);
    const sighting = alive ? { enabled, at } : before.get(keyId);
    return sighting === undefined ? [] : [[keyId, sighting] as const];
  });
  return Object.fromEntries(seen.slice(0, maxKeysOfPart));
}
