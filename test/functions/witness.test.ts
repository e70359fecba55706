import { sign } from "node:crypto";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { keysOfOneLog } from "../../functions/witness/log-keys.ts";
import { handleWitness } from "../../functions/witness/routes.ts";
import { type WitnessCode, witnessLogTable } from "../../functions/witness/witness-log.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { checkpointText } from "../../lib/domain/log/checkpoint.ts";
import { leafHash, sha256 } from "../../lib/domain/log/hash.ts";
import { consistencyProof, leafRange } from "../../lib/domain/log/proofs.ts";
import { signedCheckpoint } from "../../lib/domain/log/signed-checkpoint.ts";
import { readNote } from "../../lib/domain/log/signed-note.ts";
import { isSignedBy, verifierKey, verifierKeyText } from "../../lib/domain/log/verifier-key.ts";
import { cosignRequestText } from "../../lib/domain/log/witness.ts";
import { createKey, origin } from "../doubles/log-world.ts";
import { createMemoryWitnessBook } from "../doubles/memory-witness-book.ts";

const leaves = leafRange(Array.from({ length: 9 }, (_, n) => leafHash(`entry ${n}`)));
const logPair = createKey();
const witnessName = "witness.example/log-archive";

async function createRoutes(deps?: () => Promise<never>) {
  const logKey = await logPair.signer.key();
  const own = createKey(witnessName);
  const ownKey = verifierKey(witnessName, "cosignature", (await own.signer.key()).bytes);
  const book = createMemoryWitnessBook();
  const counted: string[] = [];
  const codes: string[] = [];
  const log = (code: WitnessCode, fields: Readonly<Record<string, unknown>>) => {
    codes.push(code);
    const metric = witnessLogTable[code].counts?.(fields);
    if (metric !== undefined) counted.push(metric);
  };
  const signWith = async (text: string) => await Promise.resolve(sign(null, Buffer.from(text), own.privateKey));
  const made = { logKeys: [logKey], ownKey, book, sign: signWith, clock: () => 1_795_863_600_000 };
  return { routes: { log, deps: deps ?? (async () => await Promise.resolve(made)) }, counted, codes, ownKey };
}

const event = (method: string, rawPath: string, body?: string, isBase64Encoded = false) =>
  ({ rawPath, body, isBase64Encoded, requestContext: { http: { method } } }) as unknown as APIGatewayProxyEventV2;

async function requestFor(before: number, size: number, root = leaves.root(0, size)): Promise<string> {
  const checkpoint = { origin, size, root };
  const key = await logPair.signer.key();
  const note = signedCheckpoint(checkpoint, key, await logPair.signer.sign(checkpointText(checkpoint)));
  return cosignRequestText(before, consistencyProof(leaves, before, size), note);
}

const add = async (body: string) => event("POST", "/add-checkpoint", body);

describe("the witness's function", () => {
  it("answers with a line that verifies, and shows the checkpoint that it keeps", async () => {
    const { routes, counted, ownKey } = await createRoutes();
    const answer = await handleWitness(routes, await add(await requestFor(0, 5)));
    expect(answer).toMatchObject({ statusCode: 200, headers: { "content-type": "text/plain; charset=utf-8" } });
    const hashed = sha256(Buffer.from(origin)).toString("hex");
    const latest = await handleWitness(routes, event("GET", `/${hashed}/checkpoint`));
    const note = readNote(latest.body);
    expect(note?.signatures.some((signature) => isSignedBy(ownKey, note.text, signature))).toBe(true);
    expect(latest.body.endsWith(answer.body)).toBe(true);
    expect(counted).toEqual(["CheckpointsCosigned"]);
  });

  it("takes a body in base64, as a function URL may give it", async () => {
    const { routes } = await createRoutes();
    const body = Buffer.from(await requestFor(0, 5)).toString("base64");
    expect(await handleWitness(routes, event("POST", "/add-checkpoint", body, true))).toMatchObject({
      statusCode: 200,
    });
  });

  it("does not count a checkpoint that it cosigns again: the alarm on a silent log must ring", async () => {
    const { routes, counted, codes } = await createRoutes();
    await handleWitness(routes, await add(await requestFor(0, 5)));
    await handleWitness(routes, await add(await requestFor(5, 5)));
    expect(codes).toEqual(["CHECKPOINT_COSIGNED", "CHECKPOINT_COSIGNED"]);
    expect(counted).toEqual(["CheckpointsCosigned"]);
  });

  it("names its size to a requester that has another, and reports a fork", async () => {
    const { routes, counted, codes } = await createRoutes();
    await handleWitness(routes, await add(await requestFor(0, 5)));
    const other = await handleWitness(routes, await add(await requestFor(3, 7)));
    expect(other).toEqual({ statusCode: 409, headers: { "content-type": "text/x.tlog.size" }, body: "5\n" });
    const fork = await handleWitness(routes, await add(await requestFor(5, 7, leafHash("fork"))));
    expect(fork.statusCode).toBe(422);
    const twin = await handleWitness(routes, await add(await requestFor(0, 5, leafHash("fork"))));
    expect(twin).toEqual({ statusCode: 409, headers: { "content-type": "text/x.tlog.size" }, body: "5\n" });
    expect(codes).toEqual(["CHECKPOINT_COSIGNED", "CHECKPOINT_REFUSED", "LOG_INCONSISTENT", "LOG_INCONSISTENT"]);
    expect(counted).toEqual(["CheckpointsCosigned", "LogsInconsistent", "LogsInconsistent"]);
  });

  it("fails without telling why, and counts it", async () => {
    const down = new GuardError("SIGNING_UNAVAILABLE", "retry", "the signing key cannot be used");
    const { routes, counted } = await createRoutes(async () => await Promise.reject(down));
    expect(await handleWitness(routes, await add(await requestFor(0, 5)))).toEqual({ statusCode: 503, body: "" });
    expect(counted).toEqual(["CosigningFailed"]);
  });

  it.each([
    ["another path", "POST", "/", undefined, 404],
    ["another method", "PUT", "/add-checkpoint", "", 404],
    ["a log that it does not know", "GET", `/${"0".repeat(64)}/checkpoint`, undefined, 404],
    ["garbage", "POST", "/add-checkpoint", "garbage", 400],
    ["nothing", "POST", "/add-checkpoint", undefined, 400],
    ["too much", "POST", "/add-checkpoint", "x".repeat(65_537), 413],
  ])("refuses %s", async (_, method, path, body, statusCode) => {
    const { routes, counted } = await createRoutes();
    expect(await handleWitness(routes, event(method, path, body))).toMatchObject({ statusCode });
    expect(counted).toEqual([]);
  });
});

describe("the keys of the log", () => {
  it("are several of one name, while a key is replaced", async () => {
    const [one, other] = [await logPair.signer.key(), await createKey().signer.key()];
    expect(keysOfOneLog([one, other].map(verifierKeyText))).toEqual([one, other]);
  });

  it("are refused unless all are of one log", async () => {
    const own = verifierKeyText(await logPair.signer.key());
    const foreign = verifierKeyText(await createKey("reprieve/another").signer.key());
    const cosigning = verifierKeyText(verifierKey(origin, "cosignature", (await logPair.signer.key()).bytes));
    for (const texts of [[], ["x"], [own, "x"], [own, foreign], [cosigning]])
      expect(() => keysOfOneLog(texts)).toThrow("LOG_KEYS must be verifier keys of one log");
  });
});
