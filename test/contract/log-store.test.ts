import { verify } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LogFile } from "../../cli/trail/log-file.ts";
import { readLogFiles } from "../../cli/trail/log-source.ts";
import { createTrailTable } from "../../lib/aws/dynamodb/trail-table.ts";
import { createLogSigner } from "../../lib/aws/s3-kms/log-signer.ts";
import { createLogStore } from "../../lib/aws/s3-kms/log-store.ts";
import type { FoundChain } from "../../lib/domain/log/compare-chain.ts";
import { isSignedBy } from "../../lib/domain/log/verifier-key.ts";
import { LocalSigningKey } from "../../local/aws/kms/signing-key.ts";
import { LocalObjectStore } from "../../local/aws/object-store.ts";
import { createLocalSts } from "../../local/aws/sts/sts-service.ts";
import { answer, readBody } from "../../local/world/hub/request.ts";
import { knownCallers } from "../../local/world/known-callers.ts";
import { keyArn } from "../doubles/key-world.ts";
import { createLogWorld, h0, origin } from "../doubles/log-world.ts";
import { startDynalite } from "./dynalite.ts";
import { logStoreContract } from "./log-store.contract.ts";

let server: Server;
let endpoint: string;
let bucket = new LocalObjectStore();
const signingKey = new LocalSigningKey({ keyArn: "arn:aws:kms:us-east-1:111122223333:key/log", seed: "contract" });
const sts = createLocalSts({ region: "us-east-1", now: () => Date.now(), callers: knownCallers });
let refused = false;
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const settings = () => ({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });

beforeAll(async () => {
  server = createServer((request, response) => {
    void readBody(request).then(async (read) => {
      const body = read ?? Buffer.alloc(0);
      const [, operation] = String(request.headers["x-amz-target"] ?? "").split(".");
      if (refused) answer(response, { status: 403, body: "<Error><Code>AccessDenied</Code></Error>" });
      else if (operation !== undefined) answer(response, signingKey.handle(operation, JSON.parse(String(body))));
      else if (request.url === "/") answer(response, await sts(request, body));
      else answer(response, bucket.handle(request, body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

logStoreContract("memory", async () => {
  const { store, put } = await createLogWorld();
  return { store, put };
});

logStoreContract("S3, through the SDK's own client", async () => {
  bucket = new LocalObjectStore();
  const kept = bucket;
  return { store: createLogStore(new S3Client(settings()), "audit"), put: (name, text) => kept.tamper(name, text) };
});

describe("an audit bucket that refuses", () => {
  it("is ARCHIVE_UNAVAILABLE", async () => {
    const store = createLogStore(new S3Client(settings()), "audit");
    refused = true;
    for (const call of [
      async () => await store.read("x"),
      async () => await store.list("log/", ""),
      async () => await store.write("x", "text"),
    ])
      await expect(call()).rejects.toMatchObject({ code: "ARCHIVE_UNAVAILABLE", disposition: "retry" });
    refused = false;
  });
});

describe("the files of a log, as an auditor reads them", () => {
  it("are the first version of each, with S3's time, and what was written over or deleted", async () => {
    let now = h0;
    bucket = new LocalObjectStore(() => now);
    for (const name of ["log/0000000001.jsonl", "log/0000000002.jsonl", "log/0000000003.jsonl", "log/other", "x"])
      bucket.tamper(name, name);
    bucket.tamper("log/0000000003.checkpoint", "");
    now += 1_000;
    bucket.tamper("log/0000000002.jsonl", "a second truth");
    bucket.tamper("log/0000000003.jsonl", undefined);
    const files: LogFile[] = [];
    for await (const file of readLogFiles({ region: "us-east-1", endpoint, stage: "dev" })) files.push(file);
    expect(files.map(({ bytes, ...file }) => ({ ...file, text: Buffer.from(bytes).toString() }))).toEqual([
      { name: "log/0000000001.jsonl", text: "log/0000000001.jsonl", modifiedAt: h0, irregular: [] },
      { name: "log/0000000002.jsonl", text: "log/0000000002.jsonl", modifiedAt: h0, irregular: ["second-version"] },
      { name: "log/0000000003.checkpoint", text: "", modifiedAt: h0, irregular: [] },
      { name: "log/0000000003.jsonl", text: "log/0000000003.jsonl", modifiedAt: h0, irregular: ["delete-marker"] },
    ]);
  });
});

describe("a KMS key of ECC_NIST_EDWARDS25519, through the SDK's own client", () => {
  const signer = (arn = "arn:aws:kms:us-east-1:111122223333:key/log") =>
    createLogSigner(new KMSClient(settings()), arn, origin);

  it("signs the very text, with the key that it gives under the name of the log", async () => {
    const key = await signer().key();
    expect([key.name, key.type, key.bytes.length]).toEqual([origin, "ed25519", 32]);
    const bytes = await signer().sign("a text\n");
    expect(isSignedBy(key, "a text\n", { name: origin, keyId: key.keyId, bytes })).toBe(true);
    const spki = { key: signingKey.publicKey, format: "der", type: "spki" } as const;
    expect(verify(null, Buffer.from("a text\n"), spki, bytes)).toBe(true);
  });

  it("is SIGNING_UNAVAILABLE where it is refused, gone or of another kind, and asked again later", async () => {
    const asking = signer();
    signingKey.refusal = "DisabledException";
    const gone = signer("arn:aws:kms:::key/gone");
    for (const call of [asking.key, gone.key, async () => await asking.sign("x")])
      await expect(call()).rejects.toMatchObject({ code: "SIGNING_UNAVAILABLE", disposition: "retry" });
    signingKey.refusal = undefined;
    expect((await asking.key()).name).toBe(origin);
    const send = async () => await Promise.resolve({ PublicKey: Buffer.alloc(91), Signature: Buffer.alloc(70) });
    const other = createLogSigner({ send } as unknown as KMSClient, "arn", origin);
    await expect(other.key()).rejects.toMatchObject({ code: "SIGNING_UNAVAILABLE" });
    await expect(other.sign("x")).rejects.toMatchObject({ code: "SIGNING_UNAVAILABLE" });
  });
});

describe("the chains of the table", () => {
  let world: Awaited<ReturnType<typeof startDynalite>>;
  beforeAll(async () => {
    world = await startDynalite();
  });
  afterAll(async () => await world.stop());

  it("are cases, pauses and permits asked for beforehand, whatever their items say of themselves", async () => {
    const { client, table } = world;
    const put = async (pk: string, sk: number, more: object = {}) =>
      await client.send(new PutItemCommand({ TableName: table, Item: { pk: { S: pk }, sk: { N: `${sk}` }, ...more } }));
    const arn = keyArn();
    const texts = {
      entries: { L: [{ S: "one" }, { N: "2" }] },
      head: { S: "x" },
      version: { N: "9" },
      anchored: { N: "9" },
    };
    await put(`case#${arn}`, 12, texts);
    await put("pause", 1, texts);
    await put(`permit#${arn}`, 1, texts);
    await put(`permit#${arn}`, -3, texts);
    await put("attempts#x", 1, texts);
    await put(`case#${arn}`, 13);
    const trail = createTrailTable(client, table);
    const found: FoundChain[] = [];
    for await (const chain of trail.all()) found.push(chain);
    const expected = [
      { name: `${arn}#12`, texts: ["one", ""] },
      { name: `${arn}#13`, texts: [] },
      { name: `${arn}#p3`, texts: ["one", ""] },
      { name: "pause#1", texts: ["one", ""] },
    ];
    expect(found.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual(expected);
    for (const chain of expected) expect(await trail.read(chain.name)).toEqual(chain);
    expect(await trail.read(`${arn}#99`)).toEqual({ name: `${arn}#99`, texts: [] });
  });

  it("are read one by one, whatever keys and names someone made up", async () => {
    const { client } = world;
    const trail = createTrailTable(client, world.table);
    const strange = [
      [`permit#${keyArn()}`, "-1.5"],
      ["case#pause", "1"],
      ["case#x", "-7"],
      ["pause", "0"],
    ] as const;
    for (const [pk, sk] of strange)
      await client.send(
        new PutItemCommand({
          TableName: world.table,
          Item: { pk: { S: pk }, sk: { N: sk }, entries: { L: [{ S: `${pk} ${sk}` }] } },
        }),
      );
    const names: string[] = [];
    for await (const { name, texts } of trail.all()) {
      names.push(name);
      expect(await trail.read(name)).toEqual({ name, texts });
    }
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(strange.map(([pk, sk]) => `${pk}#${sk}`)));
    for (const name of ["", "x", "case#x#", "case#x#y", "#1", "case#x#1e999", "\u0000#1"])
      expect(await trail.read(name)).toEqual({ name, texts: [] });
  });

  it("are STORE_UNAVAILABLE when the table cannot be reached", async () => {
    const trail = createTrailTable(world.client, "no-such-table");
    await expect(trail.read("pause#1")).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect(trail.all()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });
});
