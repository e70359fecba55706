import { beforeAll, describe, expect, it } from "vitest";
import { plantedFaults } from "./planted/faults.ts";
import { checkText } from "./planted/plant.ts";
import { playPlanted, storedPlan, storedPlans } from "./planted/planted-plans.ts";
import { play, type Tools } from "./play.ts";
import { toolsForTests } from "./tools-for-tests.ts";

let tools: Tools;
beforeAll(async () => {
  tools = await toolsForTests();
});

/** Plays a hundred keys: `npm run simulate -- --planted` does. */
const long = ["calls-not-paced"];

describe("a stored plan", () => {
  it.each(storedPlans.filter((name) => !long.includes(name)))(
    "violates nothing that the product promises: %s",
    async (name) => {
      expect((await play(storedPlan(name), tools)).violations).toEqual([]);
    },
  );

  it("is small, but for its keys", () => {
    const sizes = storedPlans.map(storedPlan).map(({ acts, faults }) => acts.length + faults.length);
    expect(sizes.length).toBeGreaterThanOrEqual(10);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(5);
  });

  it("is there for every planted fault", () => {
    expect(storedPlans).toEqual(expect.arrayContaining(plantedFaults.map(({ name }) => name)));
  });
});

describe("a planted fault", () => {
  it.each(plantedFaults)("names texts that the product's code has: $name", ({ replacements }) => {
    for (const replacement of replacements) expect(() => checkText(replacement)).not.toThrow();
  });

  it.each([
    ["guard/observe-key.ts", "no such text"],
    ["guard/no-such-file.ts", "import"],
    ["guard.ts", "import"],
  ])("is refused in %s for `%s`", (file, text) => {
    expect(() => checkText({ file, text })).toThrow(file);
  });
});

/** Those that are quick; `npm run simulate -- --planted` plays all. */
const quick = [
  "key-left-disabled-without-need",
  "lease-check-removed",
  "observed-never-decided-again",
  "silent-failures",
  "stopped-key-started",
  "version-check-removed",
  "young-labels-count",
];

const races = ["version-check-removed"];

describe("a fault that is planted in the code", () => {
  it.each(plantedFaults.filter(({ name }) => quick.includes(name)))("is found: $name", async (fault) => {
    // Races are found by the times of the SDK's own requests.
    const { violations } = await playPlanted(fault, races.includes(fault.name) ? await toolsForTests("sdk") : tools);
    expect(violations).toContainEqual(expect.stringMatching(fault.finds));
  });
});
