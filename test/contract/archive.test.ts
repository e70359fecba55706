import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readStoredCheckpoints } from "../../cli/trail/checkpoint-source.ts";
import { createTrailHeads } from "../../lib/aws/dynamodb/trail-heads.ts";
import { checkpointKey, createCheckpointArchive } from "../../lib/aws/s3-kms/checkpoint-archive.ts";
import { LocalObjectStore } from "../../local/aws/object-store.ts";
import { answer, readBody } from "../../local/world/hub/request.ts";
import { keyArn } from "../doubles/key-world.ts";
import { startDynalite } from "./dynalite.ts";

const hour = 3_600_000;
/** 2024-05-27T19:00:00Z */
const h0 = 1_716_836_400_000;

let server: Server;
let endpoint: string;
let store: LocalObjectStore;
let refused = false;

beforeAll(async () => {
  server = createServer((request, response) => {
    void readBody(request).then((body) => {
      if (refused) answer(response, { status: 403, body: "<Error><Code>AccessDenied</Code></Error>" });
      else answer(response, store.handle(request, body ?? Buffer.alloc(0)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

function archiveOf() {
  store = new LocalObjectStore();
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new S3Client({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
  return createCheckpointArchive(client, "audit");
}
const stored = async (from: number, to: number) =>
  await readStoredCheckpoints({ region: "us-east-1", endpoint }, "audit", from, to);

describe("the audit bucket, through the SDK's own client", () => {
  it("keeps a checkpoint under its hour, once, and gives the last one back", async () => {
    const archive = archiveOf();
    expect(await archive.latest(h0)).toBeUndefined();
    expect(await archive.write(h0, "first ✓")).toBe("written");
    expect(await archive.write(h0, "another")).toBe("there-is-one");
    expect(await archive.write(h0 + hour, "second")).toBe("written");
    expect(store.keys).toEqual(["checkpoints/2024-05-27T19.json", "checkpoints/2024-05-27T20.json"]);
    expect(await archive.latest(h0 + 2 * hour)).toBe("second");
    expect((await stored(h0, h0)).texts).toEqual(["first ✓", "second"]);
  });

  it("finds the last one after an outage of months, past the first page", async () => {
    const archive = archiveOf();
    for (let n = 0; n < 1_003; n++) store.tamper(checkpointKey(h0 + n * hour), `hour ${n}`);
    expect(await archive.latest(h0 + 90 * 24 * hour)).toBe("hour 1002");
    expect((await stored(h0, h0 + 1_002 * hour)).texts).toHaveLength(1_003);
  });

  it("gives the first version of each hour of a time, and names what was written over or deleted", async () => {
    archiveOf();
    for (let n = 0; n < 6; n++) store.tamper(checkpointKey(h0 + n * hour), `hour ${n}`);
    store.tamper(checkpointKey(h0 + 2 * hour), "a second truth");
    store.tamper(checkpointKey(h0 + 3 * hour), undefined);
    expect(await stored(h0 + 2 * hour, h0 + 3 * hour)).toEqual({
      texts: ["hour 1", "hour 2", "hour 3", "hour 4"],
      irregular: [
        { key: checkpointKey(h0 + 2 * hour), irregularity: "second-version" },
        { key: checkpointKey(h0 + 3 * hour), irregularity: "delete-marker" },
      ],
    });
  });

  it("answers ARCHIVE_UNAVAILABLE when it refuses", async () => {
    const archive = archiveOf();
    refused = true;
    await expect(archive.latest(h0)).rejects.toMatchObject({ code: "ARCHIVE_UNAVAILABLE", disposition: "retry" });
    await expect(archive.write(h0, "")).rejects.toMatchObject({ code: "ARCHIVE_UNAVAILABLE" });
    refused = false;
  });
});

describe("the heads of the table", () => {
  let world: Awaited<ReturnType<typeof startDynalite>>;
  beforeAll(async () => {
    world = await startDynalite();
  });
  afterAll(async () => await world.stop());

  it("are those of cases, pauses and permits asked for beforehand, whatever their state, and nothing else; marks stay", async () => {
    const { client, table } = world;
    const put = async (pk: string, sk: number, more: object = {}) =>
      await client.send(new PutItemCommand({ TableName: table, Item: { pk: { S: pk }, sk: { N: `${sk}` }, ...more } }));
    const arn = keyArn();
    const head = { head: { S: "a".repeat(64) }, version: { N: "5" } };
    await put(`case#${arn}`, 12, head);
    await put("pause", 1, { ...head, version: { N: "2" } });
    await put(`permit#${arn}`, 1, head);
    await put(`permit#${arn}`, -3, head);
    await put(`attempts#x`, 1);
    await put(`case#${arn}`, 13);
    const heads = createTrailHeads(client, table);
    const sorted = async () => (await heads.all()).toSorted((a, b) => a.name.localeCompare(b.name));
    expect(await sorted()).toEqual([
      { name: `${arn}#12`, entries: 5, head: "a".repeat(64), anchored: 0 },
      { name: `${arn}#13`, entries: 0, head: "0".repeat(64), anchored: 0 },
      { name: `${arn}#p3`, entries: 5, head: "a".repeat(64), anchored: 0 },
      { name: "pause#1", entries: 2, head: "a".repeat(64), anchored: 0 },
    ]);
    await heads.markAnchored(`${arn}#12`, 5);
    await heads.markAnchored("pause#1", 2);
    await heads.markAnchored(`${arn}#p3`, 4);
    await heads.markAnchored(`${arn}#99`, 2);
    expect((await sorted()).map(({ anchored }) => anchored)).toEqual([5, 0, 4, 2]);
  });

  it("answer STORE_UNAVAILABLE when the table cannot be reached", async () => {
    const heads = createTrailHeads(world.client, "no-such-table");
    await expect(heads.all()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });
});
