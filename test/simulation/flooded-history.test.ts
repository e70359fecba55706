import { beforeAll, describe, expect, it } from "vitest";
import { minute, type Plan } from "./plan.ts";
import { storedPlan } from "./planted/planted-plans.ts";
import { play, type Tools } from "./play.ts";
import { toolsForTests } from "./tools-for-tests.ts";
import type { Simulation } from "./world.ts";

let tools: Tools;
beforeAll(async () => {
  tools = await toolsForTests();
});

/** Plays `plan`, and answers what the simulation leaves behind. */
async function played(plan: Plan) {
  let sim: Simulation | undefined;
  const onStart = (started: Simulation) => {
    sim = started;
  };
  const outcome = await play(plan, { ...tools, onStart });
  if (sim === undefined) throw new Error("nothing was played");
  const { beginning, trace, stack } = sim;
  const after = (at: number) => (at - beginning) / minute;
  const firstCounted = (name: string) => after(trace.counted.find((each) => each.name === name)?.at ?? Number.NaN);
  return { ...outcome, firstCounted, keys: stack.controlPlane.keys() };
}

describe("6,100 DeleteKey calls that fail, around a record that is forged and allows a deletion,", () => {
  it("do not hide that CloudTrail has no such call: it is undone within an hour and a sweep, with the alarm", async () => {
    const { violations, firstCounted, keys } = await played(storedPlan("history-flooded-before-a-forged-record"));
    expect(violations).toEqual([]);
    expect(keys).toMatchObject([{ KeyState: "CREATE_COMPLETE" }]);
    const allowedAt = firstCounted("DeletionsAllowed");
    expect(allowedAt).toBeLessThan(45);
    expect(firstCounted("DeletionsUnconfirmed") - allowedAt).toBeGreaterThan(59.9);
    expect(firstCounted("DeletionsUnconfirmed") - allowedAt).toBeLessThan(66);
    expect(firstCounted("ConfirmationsOverdue")).toBeNaN();
  });
});
