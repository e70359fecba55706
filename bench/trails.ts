import { generateKeyPairSync, sign as signBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportTrail } from "../cli/trail/export-trail.ts";
import type { LogFile } from "../cli/trail/log-file.ts";
import type { StoredTrail } from "../cli/trail/stored-trail.ts";
import type { KeyArn } from "../lib/domain/key/key-arn.ts";
import { append, type Chain } from "../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../lib/domain/ledger/entry.ts";
import { checkpointText } from "../lib/domain/log/checkpoint.ts";
import { nextObject } from "../lib/domain/log/next-object.ts";
import { objectText } from "../lib/domain/log/object.ts";
import { checkpointName, objectName } from "../lib/domain/log/object-name.ts";
import { logOrigin } from "../lib/domain/log/origin.ts";
import { signedCheckpoint } from "../lib/domain/log/signed-checkpoint.ts";
import { LogTail } from "../lib/domain/log/tail.ts";
import { verifierKeyFrom, verifierKeyText } from "../lib/domain/log/verifier-key.ts";
import { detection, toRestore } from "../test/doubles/case-builder.ts";
import { chainBefore } from "../test/doubles/chain-names.ts";
import { deletionRequest, keyArn, paymentKey } from "../test/doubles/key-world.ts";

export const entriesPerCase = 8;
const casesPerHour = 1_000;
const hourMs = 3_600_000;

/** The stack whose log is exported. */
const owner = { account: "111122223333", region: "us-east-1", stage: "dev" };

/** What `work` makes of an export of so many cases, which is gone afterwards. `key` is the verifier key of its log. */
export async function withExport<Made>(
  cases: number,
  work: (folder: string, key: string) => Promise<Made>,
): Promise<Made> {
  const parent = mkdtempSync(join(tmpdir(), "reprieve-bench-"));
  const now = Math.ceil(cases / casesPerHour) * hourMs;
  const source = Object.values(owner).join(" ");
  const options = { out: join(parent, "export"), source, now, progress: () => {} };
  const chains: StoredTrail[] = [];
  const { key, sign } = signerOf(logOrigin(owner));
  try {
    await exportTrail(logFiles(cases, chains, sign), each(chains), options);
    return await work(options.out, verifierKeyText(key));
  } finally {
    rmSync(parent, { recursive: true });
  }
}

/** A key of its own for each log, and what signs a checkpoint by it. */
function signerOf(name: string) {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const key = verifierKeyFrom(name, publicKey.export({ type: "spki", format: "der" }));
  if (key === undefined) throw new TypeError("not an Ed25519 key");
  const sign = (tail: LogTail) => {
    const checkpoint = tail.checkpoint(name);
    return signedCheckpoint(checkpoint, key, signBytes(null, Buffer.from(checkpointText(checkpoint)), privateKey));
  };
  return { key, sign };
}

async function* each(chains: readonly StoredTrail[]): AsyncIterable<StoredTrail> {
  yield* chains;
}

/** A log with the cases of an hour in each object, and its checkpoint beside it. */
async function* logFiles(
  cases: number,
  chains: StoredTrail[],
  sign: (tail: LogTail) => string,
): AsyncIterable<LogFile> {
  const tail = new LogTail();
  for (let from = 0; from < cases; from += casesPerHour) {
    const now = (from / casesPerHour + 1) * hourMs;
    const count = Math.min(casesPerHour, cases - from);
    const made = Array.from({ length: count }, (_, n) => caseOf(from + n, now - 1_000));
    chains.push(...made);
    const lines = made.flatMap(({ texts }) => texts);
    const news = { now, scope: "all", chains: from + count, entries: lines.length, lines } as const;
    const object = nextObject(tail, { ...news, differs: [], outOfOrder: [] });
    const bytes = Buffer.from(objectText(object));
    tail.take(bytes);
    yield { name: checkpointName(object.number), bytes: Buffer.from(sign(tail)), irregular: [] };
    yield { name: objectName(object.number), bytes, irregular: [] };
  }
}

/** Returns the objects of the log of an export. */
export function objectsIn(folder: string): readonly string[] {
  const log = join(folder, "log");
  return readdirSync(log)
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => join(log, name));
}

/** The key of the `n`th case. Its deletion has the number as its eventID. */
export function keyOfCase(n: number): KeyArn {
  return keyArn(String(n).padStart(16, "0"));
}

/** A case as the guard writes it: what was seen and requested, decided, intended, done. */
function caseOf(n: number, at: number): StoredTrail {
  const arn = keyOfCase(n);
  const request = deletionRequest({ target: { kind: "arn", arn }, eventId: `${n}` });
  const first = detection({ case: { keyArn: arn, generation: 1 }, key: paymentKey({ arn }), request });
  const bodies: readonly EntryBody[] = [
    first,
    toRestore,
    { kind: "restore-intended", late: false },
    { kind: "effect-failed", effect: "restore", code: "CONTROL_PLANE_UNAVAILABLE", attempt: 1 },
    { kind: "key-restored", enabled: false, how: "answered" },
    { kind: "usage-start-intended", evidence: "stopped-by-deletion" },
    { kind: "key-usable", how: "answered", timeToUsableMs: 2_345, despiteRule: false },
    { kind: "requester-learned", request },
  ];
  const chain = bodies.reduce<Chain>((before, body) => append(before, body, at), chainBefore(first));
  return { case: `${arn}#1`, texts: chain.texts, head: chain.head };
}
