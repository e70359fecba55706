import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKnownStates } from "../../lib/aws/dynamodb/known-states.ts";
import { createStateProgress } from "../../lib/aws/dynamodb/state-progress.ts";
import { createTrailTable } from "../../lib/aws/dynamodb/trail-table.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";
import { createMemoryKnownStates } from "../doubles/memory-known-states.ts";
import { startDynalite } from "./dynalite.ts";
import { knownStatesContract } from "./known-states.contract.ts";

let client: DynamoDBClient;
let table = "";
let stop = async () => {};
beforeAll(async () => {
  ({ client, table, stop } = await startDynalite());
});
afterAll(async () => await stop());

const key = { kind: "key", keyArn: keyArn() } as const;
const itemKey = (pk: string) => ({ pk: { S: pk }, sk: { N: "0" } });
const ofAspect = (aspect: string) => itemKey(`known#${aspect}#${key.keyArn}`);
const put = async (Item: Record<string, object>) =>
  await client.send(new PutItemCommand({ TableName: table, Item: Item as never }));

knownStatesContract("in memory", async () => createMemoryKnownStates());
knownStatesContract("on the embedded DynamoDB", async () => {
  const names = ["usage", "tags", "resource-policy"].map(ofAspect);
  for (const Key of [...names, itemKey("known#alias#alias/prod/pin")])
    await client.send(new DeleteItemCommand({ TableName: table, Key }));
  return createKnownStates(client, table);
});

describe("known states in a table", () => {
  it("fit into an item: two states of 64 KB, whatever script they are in", async () => {
    const known = createKnownStates(client, table);
    await known.note("large", key, { a: "х".repeat(32_700) }, t0);
    await known.note("large", key, { b: "х".repeat(32_700) }, t0 + 1);
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: ofAspect("large") }));
    const bytes = Buffer.byteLength(Item?.["sightings"]?.S ?? "");
    expect(bytes).toBeGreaterThan(130_000);
    expect(bytes).toBeLessThan(135_000);
    expect(await known.before("large", key, t0 + 1)).toEqual({ a: "х".repeat(32_700) });
  });

  it.each([
    ["text that is no JSON", { S: "{" }],
    ["a number", { N: "1" }],
    ["a number for a state", { S: `{"last":{"state":7,"since":${t0},"at":${t0}}}` }],
    ["a sighting without a time", { S: `{"last":{"state":"enabled","at":${t0}}}` }],
    ["a member that it does not know", { S: `{"last":{"state":"enabled","since":${t0},"at":${t0}},"old":1}` }],
    ["a state that is too deep", { S: `{"last":{"state":${"[".repeat(40)}${"]".repeat(40)},"since":1,"at":1}}` }],
  ])("are unknown with %s, and written again", async (_, sightings) => {
    const known = createKnownStates(client, table);
    await put({ ...ofAspect("usage"), sightings });
    expect(await known.before("usage", key, t0 + 1)).toBeUndefined();
    expect(await known.last("usage", key)).toBeUndefined();
    await known.note("usage", key, "enabled", t0);
    expect(await known.before("usage", key, t0 + 1)).toBe("enabled");
  });

  it("are out of reach with a code", async () => {
    const known = createKnownStates(client, "no-such-table");
    await expect(known.before("usage", key, t0)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect(known.note("usage", key, "enabled", t0)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  it("are noted once where the answer to the write was lost", async () => {
    let writes = 0;
    const losing = {
      send: async (command: { readonly constructor: { readonly name: string } }) => {
        const answer = await client.send(command as never);
        if (command.constructor.name !== "UpdateItemCommand") return answer;
        writes += 1;
        // As the SDK does after a connection that broke: it sends the write again, and answers for the copy.
        return await client.send(command as never);
      },
    };
    const known = createKnownStates(losing as never, table);
    await known.note("replication", key, ["eu-west-1"], t0);
    await known.note("replication", key, [], t0 + 1);
    expect(writes).toBe(2);
    expect(await known.before("replication", key, t0 + 1)).toEqual(["eu-west-1"]);
  });

  it("give up with a code where others write all the time", async () => {
    const refusing = {
      send: async (command: { readonly constructor: { readonly name: string } }) => {
        if (command.constructor.name === "GetItemCommand") return {};
        throw Object.assign(new Error("no"), { name: "ConditionalCheckFailedException" });
      },
    };
    const known = createKnownStates(refusing as never, table);
    await expect(known.note("usage", key, "enabled", t0)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  it("are no chains of the audit trail, and neither is their progress", async () => {
    await createKnownStates(client, table).note("usage", key, "enabled", t0);
    await createStateProgress(client, table).noteProgress({ readAt: new Map([[0, t0]]) });
    const found: string[] = [];
    for await (const { name } of createTrailTable(client, table).all()) found.push(name);
    expect(found).toEqual([]);
  });
});

describe("the progress of the inventory of states", () => {
  it("is none at first, and then what was noted last", async () => {
    await client.send(new DeleteItemCommand({ TableName: table, Key: itemKey("state-progress") }));
    const { progress, noteProgress } = createStateProgress(client, table);
    expect(await progress()).toEqual({ readAt: new Map() });
    const reading = { part: 3, beganAt: t0, after: key.keyArn };
    await noteProgress({ readAt: new Map([[0, t0]]), reading });
    expect(await progress()).toEqual({ readAt: new Map([[0, t0]]), reading });
    await noteProgress({ readAt: new Map([[1, t0]]) });
    expect(await progress()).toEqual({ readAt: new Map([[1, t0]]) });
  });

  it.each(["{", '{"readAt":[[0,"x"]]}', '{"readAt":[],"reading":{"part":0,"beganAt":1,"after":"key"}}'])(
    "is none where it is damaged: %s",
    async (S) => {
      await put({ ...itemKey("state-progress"), progress: { S } });
      expect(await createStateProgress(client, table).progress()).toEqual({ readAt: new Map() });
    },
  );
});
