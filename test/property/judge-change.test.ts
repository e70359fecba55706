import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChangeFacts } from "../../lib/domain/operations/operation.ts";
import { operations } from "../../lib/domain/operations/registry.ts";
import { judgeChange } from "../../lib/domain/policy/judge-change.ts";
import { policyWith } from "../doubles/guard.ts";
import { alice, key, reaper, reaperArn, requestBy, unknown } from "../doubles/policy-facts.ts";

const changing = operations.filter(({ name }) => name !== "delete");
const texts = ["a", "b", "ab"];

/** Values that a condition of an operation may have; any few where it is text. */
function valuesOf(name: string, condition: string): readonly string[] {
  const known = changing.find((each) => each.name === name)?.conditions[condition] ?? "text";
  return known === "text" ? texts : known;
}

const changeOf = (name: string, minLength: number): fc.Arbitrary<ChangeFacts> => {
  const conditions = Object.keys(changing.find((each) => each.name === name)?.conditions ?? {});
  const some = conditions.map((each) => [each, fc.subarray([...valuesOf(name, each)], { minLength, maxLength: 2 })]);
  return fc.record(Object.fromEntries(some), { requiredKeys: [] });
};

const ruleOf = (name: string) => {
  const undoable = changing.find((each) => each.name === name)?.revert !== undefined;
  return fc.record({
    then: fc.constantFrom("allow", "notify", ...(undoable ? ["revert", "revert", "revert"] : [])),
    change: changeOf(name, 1),
    requester: fc.constantFrom<object>({}, {}, { role: reaperArn }, { person: "alice" }),
  });
};

const judged = fc.constantFrom(...changing.map(({ name }) => name)).chain((name) =>
  fc.record({
    operation: fc.constant(name),
    rules: fc.array(ruleOf(name), { minLength: 1, maxLength: 4 }),
    change: changeOf(name, 0),
    identity: fc.constantFrom(alice, reaper, unknown),
    weight: fc.constantFrom<"routine" | "notable" | "grave">("routine", "notable", "grave"),
    forgotten: fc.subarray(Object.keys(changing.find((each) => each.name === name)?.conditions ?? {})),
  }),
);

describe("a change of which less is known", () => {
  it("is judged the same, or people are notified and nothing is done", () => {
    const seen = { same: 0, doubted: 0, reverted: 0 };
    fc.assert(
      fc.property(judged, ({ operation, rules, change, identity, weight, forgotten }) => {
        const policy = policyWith(
          rules.map(({ then, ...when }, n) => ({ id: `r${n}`, when: { operation, ...when }, then })),
        );
        const verdictOf = (facts: ChangeFacts) =>
          judgeChange(policy, {
            operation,
            weight,
            hasKey: true,
            facts: { key, change: facts, requester: requestBy(identity) },
          });
        const full = verdictOf(change);
        const less = verdictOf(
          Object.fromEntries(Object.entries(change).filter(([name]) => !forgotten.includes(name))),
        );
        if (less.doubt === undefined) expect(less).toEqual(full);
        else expect(less).toMatchObject({ outcome: "notify", rule: "none" });
        seen.reverted += Number(less.outcome === "revert");
        seen[less.doubt === undefined ? "same" : "doubted"] += 1;
      }),
      { numRuns: 2_000, seed: 20_261_129 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(50);
  });
});
