import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leavesOf } from "../../lib/domain/policy/leaves.ts";
import { covers, shadowsOf } from "../../lib/domain/policy/shadows.ts";

const rule = fc.record(
  {
    usage: fc.subarray(["A", "B", "C", "B*"], { minLength: 1 }),
    arn: fc.subarray(["k1", "k2", "k*"], { minLength: 1 }),
    exportable: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** The first rule above each that covers it, by comparing every pair. */
const slowly = <Read extends { readonly leaves: ReturnType<typeof leavesOf> }>(rules: readonly Read[]) =>
  rules.map(({ leaves }, n) => rules.slice(0, n).find((above) => covers(above.leaves, leaves)));

describe("rules that are never reached", () => {
  it("are the same whether every pair is compared or only those that share a value", () => {
    let found = 0;
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 12 }), (keys) => {
        const rules = keys.map((key) => ({ leaves: leavesOf({ key } as never) }));
        const shadows = shadowsOf(rules);
        found += shadows.filter((each) => each !== undefined).length;
        expect(shadows.map((each) => each && rules.indexOf(each))).toEqual(
          slowly(rules).map((each) => each && rules.indexOf(each)),
        );
      }),
      { numRuns: 500 },
    );
    expect(found).toBeGreaterThan(200);
  });
});
