import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../lib/domain/policy/decide.ts";
import { type KeyLabels, sightingAfter, tagState } from "../../lib/domain/policy/label-age.ts";
import { strictnessOf } from "../../lib/domain/policy/strictness.ts";
import { factsOf } from "../doubles/facts.ts";
import { policyWith } from "../doubles/guard.ts";

const numRuns = process.env["REPRIEVE_DEEP"] ? 20_000 : 2_000;
/** 2026-03-01T00:00:00Z, the creation of the key. */
const t0 = 1_772_323_200_000;
const hour = 3_600_000;
const day = 86_400_000;
const week = 604_800_000;

type Value = "test" | "prod" | undefined;
/** One thing that happens to a key and its inventory. A `loss`: what the inventory held is gone. */
type Step = { readonly hours: number } & (
  | { readonly do: "read" | "loss" }
  /** After the deletion was pending for some hours. */
  | { readonly do: "decide"; readonly pending: number }
  | { readonly do: "tag"; readonly value: Value }
);
const hours = fc.oneof(
  fc.integer({ min: 0, max: 8 }),
  fc.integer({ min: 0, max: 30 }),
  fc.constant(23),
  fc.integer({ min: 0, max: 100 }),
);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ hours, do: fc.constant("read" as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        hours,
        do: fc.constant("tag" as const),
        value: fc.constantFrom<Value>("test", "prod", undefined),
      }),
    },
    { weight: 1, arbitrary: fc.record({ hours, do: fc.constant("loss" as const) }) },
    { weight: 3, arbitrary: fc.record({ hours, do: fc.constant("decide" as const), pending: hours }) },
  ),
  { minLength: 1, maxLength: 30 },
);

interface Reading {
  readonly at: number;
  readonly value: Value;
}

/** One decision, with what an observer knows who has kept every reading: `kept` are those since the last loss. */
interface Moment {
  readonly now: number;
  readonly deletedAt: number;
  readonly value: Value;
  readonly seen: KeyLabels | undefined;
  readonly kept: readonly Reading[];
  readonly lost: boolean;
}

function play(happens: readonly Step[], began: Value): readonly Moment[] {
  let [now, value, lost] = [t0, began, false];
  let seen: KeyLabels | undefined;
  let kept: Reading[] = [];
  const moments: Moment[] = [];
  for (const step of happens) {
    now += step.hours * hour;
    if (step.do === "tag") value = step.value;
    if (step.do === "loss") [seen, kept, lost] = [undefined, [], true];
    if (step.do === "read") {
      kept.push({ at: now, value });
      seen = { tags: { Environment: sightingAfter(seen?.tags["Environment"], tagState(value), now, !lost) } };
    }
    if (step.do === "decide")
      moments.push({ now, deletedAt: now - step.pending * hour, value, seen, kept: [...kept], lost });
  }
  return moments;
}

/** Whether the readings show the value of this moment without a gap since a week before the deletion, or since a first one within a day of the creation. */
function isProven({ now, deletedAt, value, kept, lost }: Moment): boolean {
  const last = kept.findLastIndex((reading, n) => {
    const next = kept[n + 1]?.at ?? now;
    return reading.value !== value || next - reading.at > 3 * day;
  });
  const unbroken = kept.slice(last + 1);
  const [first] = unbroken;
  if (first === undefined) return false;
  const isFirstOfAll = last === -1 && !lost && first.at - t0 <= day;
  return deletedAt - first.at >= (isFirstOfAll ? 0 : week);
}

const reaper = { requester: { role: "arn:aws:iam::111122223333:role/ci/key-reaper" } };
const approval = { from: "custodians", quorum: 2, within: "24h" };
const weaker = policyWith([{ id: "test", then: "allow", when: { key: { tags: { Environment: "test" } }, ...reaper } }]);
const stricter = policyWith([
  { id: "prod", then: "restore", when: { key: { tags: { Environment: "prod" } } } },
  { id: "reaper", then: "ask", when: reaper, approval },
]);
const effectOf = (policy: typeof weaker, { now, deletedAt, value, seen }: Moment) => {
  const labelAge = seen === undefined ? "not-seen" : { now, deletedAt, seen, createdAt: t0 };
  const verdict = decide(policy, factsOf({ tags: value === undefined ? {} : { Environment: value }, labelAge }));
  if (verdict.kind === "needs") throw new Error(`needs ${verdict.facts.join()}`);
  return verdict.decision;
};
const began = fc.constantFrom<Value>("test", "prod", undefined);

describe("in any order of inventories, relabelings and losses", () => {
  it("a label weakens an outcome exactly if unbroken readings prove its age", () => {
    let weakened = 0;
    fc.assert(
      fc.property(steps, began, (happens, first) => {
        for (const moment of play(happens, first)) {
          const { outcome } = effectOf(weaker, moment).effect;
          expect(outcome).toBe(moment.value === "test" && isProven(moment) ? "allow" : "restore");
          weakened += Number(outcome === "allow");
        }
      }),
      { numRuns },
    );
    expect(weakened).toBeGreaterThan(50);
  });

  it("a label that protects counts at once, and one that went protects until its absence is proven", () => {
    let unprotected = 0;
    fc.assert(
      fc.property(steps, began, (happens, first) => {
        for (const moment of play(happens, first)) {
          const { effect, rule } = effectOf(stricter, moment);
          const isFree = moment.value !== "prod" && isProven(moment);
          expect(rule).toBe(isFree ? "reaper" : "prod");
          if (isFree) unprotected += 1;
          else expect(strictnessOf(effect)[0]).toBe(2);
        }
      }),
      { numRuns },
    );
    expect(unprotected).toBeGreaterThan(50);
  });
});
