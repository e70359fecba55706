import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { faultOf, makePlan } from "../../../local/stories/soak/plan.ts";

const hour = 3_600_000;

describe("the plan of a soak", () => {
  it("is the same for the same seed, and another one for another", () => {
    expect(makePlan(7, hour)).toEqual(makePlan(7, hour));
    expect(makePlan(7, hour)).not.toEqual(makePlan(8, hour));
    const faults = (seed: number) => Array.from({ length: 300 }, (_, n) => faultOf(seed, "store", n));
    expect(faults(7)).toEqual(faults(7));
    expect(faults(7)).not.toEqual(faults(8));
  });

  it("is in order, ends when it should, and mends whatever it breaks", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const plan = makePlan(seed, hour);
        const times = plan.map(({ at }) => at);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        const broken = plan.filter((act) => act.do === "break");
        const mended = plan.filter((act) => act.do === "mend");
        expect(mended.map(({ service }) => service).sort()).toEqual(broken.map(({ service }) => service).sort());
        expect(plan.filter((act) => act.do === "sweep")).toHaveLength(11);
      }),
      { numRuns: 20 },
    );
  });

  it("has everything in it that can happen", () => {
    const plan = makePlan(1, 20 * hour);
    const kinds = new Set(plan.map((act) => act.do));
    expect([...kinds].sort()).toEqual(
      ["break", "crash", "delete", "jump", "mend", "permit", "replay", "restore-by-hand", "sweep", "vote"].sort(),
    );
    const fates = new Set(plan.flatMap((act) => (act.do === "delete" ? [act.fate] : [])));
    expect(fates.size).toBe(5);
    const faults = new Set(Array.from({ length: 5_000 }, (_, n) => faultOf(1, "bus", n)));
    expect(faults.size).toBe(8);
  });
});
