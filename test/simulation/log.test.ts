import { beforeAll, describe, expect, it } from "vitest";
import { numberedObjects } from "../../cli/trail/numbered-objects.ts";
import { latestCovered } from "../../lib/domain/log/coverage.ts";
import { headsPrefix } from "../../lib/domain/log/object-name.ts";
import { LogReader } from "../../lib/domain/log/read-log.ts";
import { logKeyOf } from "../../local/world/signing-key.ts";
import { hour, type Plan } from "./plan.ts";
import { storedPlan } from "./planted/planted-plans.ts";
import { play, type Tools } from "./play.ts";
import { toolsForTests } from "./tools-for-tests.ts";
import type { Simulation } from "./world.ts";

let tools: Tools;
beforeAll(async () => {
  tools = await toolsForTests();
});

/** Reads the log that the stack has left after a plan, as a stranger with its key would. */
async function logAfter(plan: Plan) {
  let sim: Simulation | undefined;
  await play(plan, {
    ...tools,
    onStart: (started) => {
      sim = started;
    },
  });
  if (sim === undefined) throw new TypeError("nothing was played");
  const { archive, signingKey } = sim.stack;
  const reader = new LogReader({ key: logKeyOf({ signingKey }), witnesses: [], to: latestCovered(sim.clock.now()) });
  const files = archive.keys.map((name) => ({ name, ...archive.object(name) }));
  const inOrder = async function* () {
    yield* files.filter(({ name }) => !name.startsWith(headsPrefix));
  };
  for await (const object of numberedObjects(inOrder())) reader.take(object);
  return { ...reader.end(), files };
}

/** A week of a stack: deletions, votes and restores every day. */
function week(): Plan {
  const { acts: _acts, ...plan } = storedPlan("observed-never-decided-again");
  const days = Array.from({ length: 7 }, (_, n) => n * 24 * hour);
  return {
    ...{ ...plan, faults: [], mode: "enforce", skewsMs: [0], sweepEveryMs: 300_000, endsAfterMs: 7 * 24 * hour },
    acts: days.flatMap((at) => [
      { at: at + hour, do: "delete", key: 0, by: "mallory", days: 3, event: "on-time" } as const,
      { at: at + 5 * hour, do: "restore", key: 0 } as const,
    ]),
  };
}

describe("the log of a simulated stack", () => {
  it("of a week is whole and anchored, with every hour closed", async () => {
    const { verdict, findings, objects, entries, anchor } = await logAfter(week());
    expect(findings).toEqual([]);
    expect(verdict).toBe("whole");
    expect(objects).toBeGreaterThanOrEqual(7 * 24 - 1);
    expect(anchor?.size).toBe(entries);
  }, 300_000);

  it.each([
    "alarm-lost-in-a-crash",
    "fail-open-forgets-the-record",
    "silent-now-and-then",
    "lease-check-removed-with-skew",
  ])(
    "is never damaged by what fails: %s",
    async (name) => {
      const { verdict, findings } = await logAfter(storedPlan(name));
      expect([verdict === "damaged" ? findings : [], verdict]).toEqual([[], expect.stringMatching(/whole|linked/)]);
    },
    300_000,
  );
});
