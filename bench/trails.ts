import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportTrail } from "../cli/trail/export-trail.ts";
import type { LogFile } from "../cli/trail/log-file.ts";
import type { StoredTrail } from "../cli/trail/stored-trail.ts";
import type { KeyArn } from "../lib/domain/key/key-arn.ts";
import { append, type Chain } from "../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../lib/domain/ledger/entry.ts";
import { nextObject } from "../lib/domain/log/next-object.ts";
import { objectText } from "../lib/domain/log/object.ts";
import { objectName } from "../lib/domain/log/object-name.ts";
import { LogTail } from "../lib/domain/log/tail.ts";
import { detection, toRestore } from "../test/doubles/case-builder.ts";
import { chainBefore } from "../test/doubles/chain-names.ts";
import { deletionRequest, keyArn, paymentKey } from "../test/doubles/key-world.ts";

export const entriesPerCase = 8;
const casesPerHour = 1_000;
const hourMs = 3_600_000;

/** What `work` makes of an export of so many cases, which is gone afterwards. */
export async function withExport<Made>(
  cases: number,
  work: (folder: string) => Promise<Made>,
  source = "bench",
): Promise<Made> {
  const parent = mkdtempSync(join(tmpdir(), "reprieve-bench-"));
  const now = Math.ceil(cases / casesPerHour) * hourMs;
  const options = { out: join(parent, "export"), source, now, progress: () => {} };
  const chains: StoredTrail[] = [];
  try {
    await exportTrail(logFiles(cases, chains), each(chains), options);
    return await work(options.out);
  } finally {
    rmSync(parent, { recursive: true });
  }
}

async function* each(chains: readonly StoredTrail[]): AsyncIterable<StoredTrail> {
  yield* chains;
}

/** A log with the cases of an hour in each object. */
async function* logFiles(cases: number, chains: StoredTrail[]): AsyncIterable<LogFile> {
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
    yield { name: objectName(object.number), bytes, irregular: [] };
  }
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
    { kind: "key-usable", timeToUsableMs: 2_345, despiteRule: false },
    { kind: "requester-learned", request },
  ];
  const chain = bodies.reduce<Chain>((before, body) => append(before, body, at), chainBefore(first));
  return { case: `${arn}#1`, texts: chain.texts, head: chain.head };
}
