import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recordedRequester } from "../../cli/reconcile/read-cloudtrail.ts";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import { changeChainName } from "../../lib/domain/ledger/chain-name.ts";
import { CallBook } from "../../lib/domain/reconcile/calls.ts";
import { type DifferenceClass, differenceClasses } from "../../lib/domain/reconcile/classes.ts";
import { Coverage } from "../../lib/domain/reconcile/coverage.ts";
import { ownRoles } from "../../lib/domain/reconcile/own-roles.ts";
import { reconcile } from "../../lib/domain/reconcile/reconcile.ts";
import { TrailClaims } from "../../lib/domain/reconcile/trail-claims.ts";
import { ofKey, place, trailRecord } from "../doubles/cloudtrail-files.ts";
import { keyArn } from "../doubles/key-world.ts";
import { expectedOf, type Oddity, oddities, simulateDeletion } from "../doubles/simulated-deletions.ts";

/** 2026-07-01T00:00:00Z to 2026-10-01T00:00:00Z */
const time = { from: 1_782_864_000_000, to: 1_790_812_800_000 };
const hour = 3_600_000;
const owner = { ...place, stage: "dev" };

interface Deletion {
  readonly at: number;
  readonly oddity: Oddity;
}

const deletion: fc.Arbitrary<Deletion> = fc.record({
  at: fc.integer({ min: time.from / 1_000 + 120, max: time.to / 1_000 - 120 }).map((seconds) => seconds * 1_000),
  oddity: fc.constantFrom(...oddities),
});

function reconciled(deletions: readonly Deletion[], shuffled: (records: object[]) => object[]) {
  const made = deletions.map(({ at, oddity }, n) => simulateDeletion(n, at, oddity));
  const trail = new TrailClaims();
  for (const { entries } of made.flatMap(({ chains }) => chains)) for (const entry of entries) trail.take(entry);
  const [calls, unnamed] = [new CallBook(place, recordedRequester), new CallBook(place, recordedRequester)];
  for (const record of shuffled(made.flatMap(({ records }) => records))) calls.take(record);
  const span = { from: time.from - hour, to: time.to + hour };
  return reconcile({
    ...{ owner, time, trail, calls, unnamed, logged: { from: time.from - hour, to: time.to + 3 * hour } },
    ...{ coverage: new Coverage([span], []), isOwnRole: ownRoles(owner, []), changed: [], unread: [] },
    ...{ manifestSha256: "0".repeat(64), export: "whole" },
  });
}

describe("a simulated quarter", () => {
  it("is classified exactly, whatever was lost, forged or doubled, in whatever order it was delivered", () => {
    fc.assert(
      fc.property(fc.array(deletion, { maxLength: 60 }), fc.integer(), (deletions, seed) => {
        const result = reconciled(deletions, (records) => inOrderOf(records, seed));
        const expected = deletions.map(({ oddity }) => expectedOf[oddity]);
        const classes = Object.fromEntries(
          result.classes.flatMap((each) => (each.count > 0 ? [[each.class, each.count]] : [])),
        );
        const letters = expected.flatMap((each) => [...each.classes]);
        const wanted = Object.fromEntries(
          [...Map.groupBy(letters, (letter) => letter)].map(([k, all]) => [k, all.length]),
        );
        expect(classes).toEqual(wanted);
        const count = (oddity: Oddity) => deletions.filter((each) => each.oddity === oddity).length;
        const { population } = result;
        expect(population).toMatchObject({
          events: expected.reduce((sum, { events }) => sum + events, 0),
          matched: expected.reduce((sum, { matched }) => sum + matched, 0),
          ...{ duplicates: count("delivered-again"), corrected: count("corrected") },
          failed: expected.reduce((sum, { failed = 0 }) => sum + failed, 0),
        });
        const unmatched = population.unmatched.reduce((sum, each) => sum + each.count, 0);
        expect(population.events).toBe(population.matched + unmatched);
        const isExceptional = letters.some(
          (letter) => differenceClasses[letter as DifferenceClass].weight === "exception",
        );
        expect(result.verdict).toBe(isExceptional ? "exceptions" : "complete");
      }),
    );
  });

  it("names the key and the event of each difference", () => {
    const at = time.from + hour;
    for (const [n, oddity] of oddities.entries()) {
      const { differences } = reconciled([{ at: at + n, oddity }], (records) => records);
      for (const each of differences) {
        // Which of the counted calls there were not nobody can say.
        if (oddity === "failed-overcounted") continue;
        expect(each.keyArn).toMatch(/key\/(simulated|another00)00000000$/);
        if (!"EHN".includes(each.class)) expect(each.eventId).toMatch(/^0000000[12]-0000-4000-8000-000000000000$/);
      }
    }
  });
});

describe("a crowd of changes", () => {
  const [mine, other] = [keyArn("mine000000000000"), keyArn("other00000000000")];
  const at = time.from + 600_000;
  const crowdedFor = (subject: KeyArn, called: KeyArn) => {
    const trail = new TrailClaims();
    const name = changeChainName({
      operation: "stop",
      subject: { kind: "key", keyArn: subject },
      hour: (at / hour) | 0,
    });
    trail.take({ kind: "changes-crowded", chain: name, seq: 2, prev: "0".repeat(64), at });
    const calls = new CallBook(place, recordedRequester);
    calls.take(trailRecord("e-1", at, "StopKeyUsage", ofKey(called)));
    return reconcile({
      ...{
        owner,
        time,
        trail,
        calls,
        unnamed: new CallBook(place, recordedRequester),
        changed: [],
        unread: [],
        export: "whole",
      },
      ...{ logged: { from: time.from - hour, to: time.to + 3 * hour }, manifestSha256: "0".repeat(64) },
      ...{ coverage: new Coverage([{ from: time.from, to: time.to + hour }], []), isOwnRole: ownRoles(owner, []) },
    });
  };

  it("excuses what is not recorded of its own subject, and of no other", () => {
    expect(crowdedFor(mine, mine)).toMatchObject({ verdict: "complete", changes: { unmatched: [{ class: "K" }] } });
    expect(crowdedFor(mine, other)).toMatchObject({ verdict: "exceptions", changes: { unmatched: [{ class: "A" }] } });
  });
});

/** The same records in another order. */
function inOrderOf(records: readonly object[], seed: number): object[] {
  return records
    .map((record, n) => ({ record, place: Math.imul(n + 1, seed | 1) >>> 0 }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ record }) => record);
}
