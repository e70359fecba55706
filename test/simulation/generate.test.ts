import { describe, expect, it } from "vitest";
import { fates } from "./fate.ts";
import { planOf } from "./generate.ts";

const plans = Array.from({ length: 600 }, (_, n) => planOf(n + 1));

describe("a plan drawn from a seed", () => {
  it("is the same for the same seed, and another one for another", () => {
    expect(planOf(7)).toEqual(planOf(7));
    expect(planOf(7)).not.toEqual({ ...planOf(8), seed: 7 });
  });

  it("has its acts in order, about keys that it has", () => {
    for (const { acts, keys } of plans) {
      const times = acts.map(({ at }) => at);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(acts.filter((act) => "key" in act && act.key >= keys.length)).toEqual([]);
    }
  });

  it("has everything in it that can happen, in some plan", () => {
    const acts = plans.flatMap((plan) => plan.acts);
    expect([...new Set(acts.map((act) => act.do))].sort()).toEqual(
      [
        ...[
          "change",
          "crash",
          "delete",
          "delete-in-vain",
          "delete-many",
          "deploy",
          "limit",
          "pause",
          "permit",
          "permit-change",
          "relabel",
          "replay",
          "restore",
          "rotate",
        ],
        ...["start", "stop-usage", "vote"],
      ].sort(),
    );
    const events = new Set(acts.flatMap((act) => (act.do === "delete" ? [act.event] : [])));
    expect([...events].sort()).toEqual(["doubled", "forged", "framed", "late", "lost", "on-time", "replaced"]);
    const failures = new Set(plans.flatMap(({ faults, noise }) => [...faults.map(({ fate }) => fate), ...noise.fates]));
    expect([...failures].sort()).toEqual([...fates].sort());
    expect(new Set(plans.map(({ deletionDisablesKey }) => deletionDisablesKey)).size).toBe(2);
  });

  it("has faults that heal before the calm, and some that never do", () => {
    const windows = plans.flatMap(({ faults }) => faults);
    expect(windows.some(({ forMs }) => forMs === null)).toBe(true);
    expect(windows.filter(({ from, forMs }) => forMs !== null && from + forMs > 26 * 3_600_000)).toEqual([]);
  });
});
