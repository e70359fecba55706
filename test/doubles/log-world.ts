import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { Irregularity, LogFile } from "../../cli/trail/log-file.ts";
import type { StoredTrail } from "../../cli/trail/stored-trail.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { sha256Hex } from "../../lib/domain/ledger/canonical-json.ts";
import { genesis } from "../../lib/domain/ledger/chain.ts";
import { objectName } from "../../lib/domain/log/object-name.ts";
import { verifierKey } from "../../lib/domain/log/verifier-key.ts";
import type { LogSigner, LogStore, TrailTable } from "../../lib/workflows/ports/log-store.ts";
import type { Witness } from "../../lib/workflows/ports/witness.ts";
import { createSequencer, type Sequencer } from "../../lib/workflows/sweep/sequence-log.ts";

/** 2026-11-25T21:00:00Z */
export const h0 = 1_795_640_400_000;
export const hour = 3_600_000;
export const origin = "reprieve/111122223333/us-east-1/dev";

type Call = "list" | "read" | "write" | "key" | "sign" | "scan" | "readChain";

interface Kept {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly irregular: readonly Irregularity[];
}

/** A signer with a key of its own, which nothing can take away. */
export function createKey(name = origin): {
  readonly signer: LogSigner;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
} {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ type: "spki", format: "der" }).subarray(12);
  const key = verifierKey(name, "ed25519", raw);
  const signer = { key: async () => key, sign: async (text: string) => sign(null, Buffer.from(text), privateKey) };
  return { signer, privateKey, publicKey };
}

/** A bucket, a table and a key in memory, and the writer of the log over them. `time.now` is their clock (ms). */
export async function createLogWorld({ signed = true, at = h0 + 60_000 } = {}) {
  const time = { now: at };
  const files = new Map<string, Kept>();
  const table = new Map<string, readonly string[]>();
  const logged: { readonly code: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];
  /** Calls that fail, and all that were made. */
  const down = new Set<Call>();
  const calls: Call[] = [];
  const made = createKey();
  const answer = <Value>(call: Call, value: () => Value): Value => {
    calls.push(call);
    const code = call === "key" || call === "sign" ? "SIGNING_UNAVAILABLE" : "ARCHIVE_UNAVAILABLE";
    if (down.has(call)) throw new GuardError(call.startsWith("scan") ? "STORE_UNAVAILABLE" : code, "retry", "down");
    return value();
  };
  /** Puts bytes into the bucket behind everybody's back. */
  const put = (name: string, bytes: Uint8Array | string, irregular: readonly Irregularity[] = []) =>
    void files.set(name, { bytes: Buffer.from(bytes), at: files.get(name)?.at ?? time.now, irregular });
  const store: LogStore = {
    list: async (prefix, after) =>
      answer("list", () => {
        const names = [...files.keys()].filter((name) => name.startsWith(prefix) && name > after).sort();
        return { names: names.slice(0, 1000), more: names.length > 1000 };
      }),
    read: async (name) =>
      answer("read", () => {
        const found = files.get(name);
        return found && { bytes: found.bytes, version: "1" };
      }),
    write: async (name, text) =>
      answer("write", () => {
        if (files.has(name)) return "there-is-one" as const;
        put(name, text);
        return "written" as const;
      }),
  };
  const trailTable: TrailTable = {
    all: async function* () {
      answer("scan", () => undefined);
      for (const [name, texts] of table) yield { name, texts };
    },
    read: async (name) => answer("readChain", () => ({ name, texts: table.get(name) ?? [] })),
  };
  const signer: LogSigner = {
    key: async () => await answer("key", made.signer.key),
    sign: async (text) => await answer("sign", async () => await made.signer.sign(text)),
  };
  const newSequencer = (
    overrides: Partial<{
      store: LogStore;
      table: TrailTable;
      signer: LogSigner;
      witness: Witness;
      mostBytes: number;
    }> = {},
  ): Sequencer =>
    createSequencer({
      ...{ store, table: trailTable, origin, ...(signed && { signer }), ...overrides },
      clock: () => time.now,
      log: (code, fields) => void logged.push({ code, fields }),
    });
  const key = await made.signer.key();
  const logFiles = async function* (): AsyncIterable<LogFile> {
    for (const [name, { bytes, at: modifiedAt, irregular }] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
      if (name.startsWith("log/")) yield { name, bytes, modifiedAt, irregular };
  };
  const trails = async function* (): AsyncIterable<StoredTrail> {
    for (const [name, texts] of table)
      yield { case: name, texts, head: texts.length === 0 ? genesis : sha256Hex(texts.at(-1) ?? "") };
  };
  return {
    ...{ time, files, table, logged, down, calls, store, put, key, ...made, newSequencer, logFiles, trails },
    codes: () => logged.map(({ code }) => code),
    /** Text of the object `number`. */
    object: (number: number) => Buffer.from(files.get(objectName(number))?.bytes ?? []).toString("utf8"),
  };
}

export type LogWorld = Awaited<ReturnType<typeof createLogWorld>>;
