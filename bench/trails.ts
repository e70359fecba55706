import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportTrail, type StoredTrail } from "../cli/trail/export-trail.ts";
import { noCheckpoints as checkpoints } from "../cli/trail/stored-checkpoints.ts";
import { append, type Chain } from "../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../lib/domain/ledger/entry.ts";
import { detection, toRestore } from "../test/doubles/case-builder.ts";
import { chainBefore } from "../test/doubles/chain-names.ts";
import { deletionRequest, keyArn, paymentKey } from "../test/doubles/key-world.ts";

export const entriesPerCase = 8;

/** What `work` makes of an export of so many cases, which is gone afterwards. */
export async function withExport<Made>(cases: number, work: (folder: string) => Promise<Made>): Promise<Made> {
  const parent = mkdtempSync(join(tmpdir(), "reprieve-bench-"));
  const to = Number.MAX_SAFE_INTEGER / 2 ** 12;
  const options = {
    out: join(parent, "export"),
    from: 0,
    to,
    source: "bench",
    checkpoints,
    now: 0,
    progress: () => {},
  };
  try {
    await exportTrail(trails(cases), options);
    return await work(options.out);
  } finally {
    rmSync(parent, { recursive: true });
  }
}

/** Cases as the guard writes them: what was seen and requested, decided, intended, done. */
async function* trails(cases: number): AsyncIterable<StoredTrail> {
  for (let n = 0; n < cases; n++) {
    const arn = keyArn(String(n).padStart(16, "0"));
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
    const chain = bodies.reduce<Chain>((before, body) => append(before, body, n), chainBefore(first));
    yield { case: `${arn}#1`, texts: chain.texts, head: chain.head };
  }
}
