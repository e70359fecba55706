import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { exportTrail, type StoredTrail } from "../../cli/trail/export-trail.ts";
import type { StoredCheckpoints } from "../../cli/trail/stored-checkpoints.ts";
import { verifyTrail } from "../../cli/trail/verify-trail.ts";
import { sha256Hex } from "../../lib/domain/ledger/canonical-json.ts";
import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { checkpointText, makeCheckpoint } from "../../lib/domain/trail/checkpoint.ts";
import { createTrailReader } from "../../lib/domain/trail/trail.ts";
import { detection, toRestore } from "../doubles/case-builder.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-anchored-"));
afterAll(() => rmSync(folder, { recursive: true }));

const hour = 3_600_000;
const entriesPerCase = 8;

function chainOf(n: number, entries: number, text = "CONTROL_PLANE_UNAVAILABLE"): Chain {
  const name = { keyArn: keyArn(`anchor${String(n).padStart(10, "0")}`), generation: 1 };
  const more = Array.from(
    { length: entries - 2 },
    (_, k): EntryBody => ({ kind: "effect-failed", effect: "restore", code: text, attempt: k + 1 }),
  );
  return [detection({ case: name }), toRestore, ...more].reduce<Chain>(
    (chain, body) => append(chain, body, t0),
    chainBefore(detection({ case: name })),
  );
}
const nameOf = (n: number) => `${keyArn(`anchor${String(n).padStart(10, "0")}`)}#1`;
const trailOf = (n: number, chain = chainOf(n, entriesPerCase)): StoredTrail => ({
  ...{ case: nameOf(n), texts: chain.texts, head: chain.head },
});
const headOf = (n: number, entries: number) => ({ case: nameOf(n), entries, head: chainOf(n, entries).head });

/** Two hours: in the first every case has 5 entries, in the second the first of them has 8. */
function twoHours(): readonly string[] {
  const closing = { hour: t0, now: t0 + hour, before: undefined, cases: 3, entries: 15 };
  const first = checkpointText(makeCheckpoint({ ...closing, changed: [headOf(1, 5), headOf(2, 5), headOf(3, 5)] }));
  const then = { hour: t0 + hour, now: t0 + 2 * hour, before: first, cases: 3, entries: 18 };
  return [first, checkpointText(makeCheckpoint({ ...then, changed: [headOf(1, 8)] }))];
}

let made = 0;
async function verified(trails: readonly StoredTrail[], checkpoints: Partial<StoredCheckpoints> = {}, from = 0) {
  made += 1;
  const out = join(folder, `export-${made}`);
  const stored = { texts: twoHours(), irregular: [], ...checkpoints };
  const options = { out, from, to: t0 + 1, source: "here", checkpoints: stored, now: t0, progress: () => {} };
  await exportTrail(
    (async function* () {
      yield* trails;
    })(),
    options,
  );
  return await verifyTrail(out, () => {});
}
const whole = [trailOf(1), trailOf(2), trailOf(3)];

describe("an export with checkpoints", () => {
  it("is whole, and says how many entries are as they were then", async () => {
    expect(await verified(whole)).toMatchObject({ found: 0, unanchored: 6, checkpoints: { count: 2, late: 0 } });
  });

  it("holds whatever they name, also what is older than the time asked for", async () => {
    expect(await verified(whole, {}, t0 + 1)).toMatchObject({ found: 0, cases: 3 });
  });

  it("shows a case that was rewritten as a whole, links, head and all", async () => {
    const rewritten = trailOf(2, chainOf(2, entriesPerCase, "NOTHING_HAPPENED"));
    expect((await verified([trailOf(1), rewritten, trailOf(3)])).findings).toEqual([
      { damage: "anchor-differs", case: nameOf(2), line: 13, seq: 5 },
    ]);
  });

  it("shows a case that was rolled back, and one that is gone", async () => {
    const short = trailOf(1, chainOf(1, 6));
    expect((await verified([short, trailOf(2)])).findings).toEqual([
      { damage: "shorter-than-anchored", case: nameOf(1), seq: 6 },
      { damage: "missing-case", case: nameOf(3) },
    ]);
  });

  it("shows what was written over, or deleted, in the bucket", async () => {
    const irregular = [{ key: "checkpoints/2024-05-27T19.json", irregularity: "delete-marker" }] as const;
    expect(await verified(whole, { irregular })).toMatchObject({
      findings: [{ damage: "delete-marker", key: "checkpoints/2024-05-27T19.json" }],
    });
  });

  it("shows every change of a checkpoint: one gone, doubled, swapped, or of other bytes", async () => {
    const [first = "", second = ""] = twoHours();
    const missed: string[] = [];
    for (const texts of [
      [first, first, second],
      [second, first],
      [first, second, second],
    ])
      if ((await verified(whole, { texts })).found === 0) missed.push(texts.map((text) => text.slice(0, 20)).join());
    expect(missed).toEqual([]);
    // Without the last one nothing is wrong, but less is anchored; without the first the second stands alone.
    expect(await verified(whole, { texts: [first] })).toMatchObject({ found: 0, unanchored: 9 });
    const step = process.env["REPRIEVE_DEEP"] ? 1 : 41;
    for (let at = 0; at < first.length; at += step) {
      const changed = first.slice(0, at) + String.fromCharCode(first.charCodeAt(at) ^ 1) + first.slice(at + 1);
      if ((await verified(whole, { texts: [changed, second] })).found === 0) missed.push(`byte ${at}`);
    }
    expect(missed).toEqual([]);
  }, 600_000);
});

describe("a thousand entries", () => {
  const cases = Array.from({ length: 125 }, (_, n) => trailOf(n));
  const lines = cases.flatMap(({ texts }) => texts);
  /** What the reader finds in `read` without any file around it: chain and heads alone. */
  function found(read: readonly string[], trails: readonly StoredTrail[]): number {
    const reader = createTrailReader();
    for (const { case: name, texts, head } of trails) reader.expect({ case: name, entries: texts.length, head });
    for (const line of read) reader.take(line, sha256Hex(line));
    return reader.end().found;
  }
  const deep = process.env["REPRIEVE_DEEP"] !== undefined;

  it("are whole", () => {
    expect([lines.length, found(lines, cases)]).toEqual([1_000, 0]);
  });

  it("show every byte that is changed", () => {
    const step = deep ? 1 : 199;
    const missed: string[] = [];
    let at = 0;
    for (const trail of cases)
      for (const [n, text] of trail.texts.entries())
        for (let byte = at++ % step; byte < text.length; byte += step) {
          const changed = text.slice(0, byte) + String.fromCharCode(text.charCodeAt(byte) ^ 1) + text.slice(byte + 1);
          if (found(trail.texts.with(n, changed), [trail]) === 0) missed.push(`${trail.case} ${n} ${byte}`);
        }
    expect(missed).toEqual([]);
  }, 600_000);

  it("show every entry that is gone, stands twice, or has changed places with the next", () => {
    const missed: string[] = [];
    for (let n = 0; n < lines.length; n += deep ? 1 : 7) {
      const [line = "", next = ""] = lines.slice(n);
      if (found(lines.toSpliced(n, 1), cases) === 0) missed.push(`gone ${n}`);
      if (found(lines.toSpliced(n, 0, line), cases) === 0) missed.push(`twice ${n}`);
      if (next !== "" && found(lines.toSpliced(n, 2, next, line), cases) === 0) missed.push(`swapped ${n}`);
    }
    expect(missed).toEqual([]);
  }, 600_000);
});
