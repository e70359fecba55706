import { beforeAll, describe, expect, it } from "vitest";
import { type Act, hour, minute, type Plan } from "./plan.ts";
import { play, type Tools } from "./play.ts";
import { toolsForTests } from "./tools-for-tests.ts";

let tools: Tools;
beforeAll(async () => {
  tools = await toolsForTests();
});

const plan = (keys: Plan["keys"], acts: readonly Act[]): Plan => ({
  ...{ seed: 3, mode: "enforce", policy: "base", hostile: false, faults: [], noise: { rate: 0, fates: [] } },
  ...{ sweepEveryMs: 30 * minute, skewsMs: [0], indexLagMs: 20, historyLagMs: 0, keys, acts },
});

describe("an act of a plan", () => {
  it.each([["pin"], ["derivation"]] as const)("permits one planned deletion of a %s key", async (kind) => {
    const acts: readonly Act[] = [
      { at: minute, do: "permit", key: 0, by: "mallory", step: "request" },
      { at: 5 * minute, do: "permit", key: 0, by: "carol", step: "approve" },
      { at: 6 * minute, do: "permit", key: 0, by: "bob", step: "approve" },
      { at: hour, do: "delete", key: 0, by: "alice", days: 3, event: "on-time" },
    ];
    const { violations, ends } = await play(plan([kind], acts), tools);
    expect({ violations, ends }).toEqual({ violations: [], ends: { "key-destroyed": 1 } });
  });

  it("relabels a key: the reaper may delete no key that has become a test key today", async () => {
    const deletion: Act = { at: 2 * hour, do: "delete", key: 0, by: "reaper", days: 7, event: "on-time" };
    const relabel: Act = { at: hour, do: "relabel", key: 0, as: "test" };
    const relabeled = await play(plan(["card"], [relabel, deletion]), tools);
    expect([relabeled.violations, relabeled.ends]).toEqual([[], { "key-usable": 1 }]);
    const changed = await play(plan(["test"], [relabel, deletion]), tools);
    expect([changed.violations, changed.ends]).toEqual([[], { "key-usable": 1 }]);
    const old = await play(plan(["test"], [deletion]), tools);
    expect([old.violations, old.ends]).toEqual([[], { "key-destroyed": 1 }]);
  });

  it("relabels a key while it is pending: what was allowed before stays allowed", async () => {
    const deletion: Act = { at: hour, do: "delete", key: 0, by: "reaper", days: 7, event: "on-time" };
    const relabel: Act = { at: 2 * hour, do: "relabel", key: 0, as: "prod" };
    const { violations, ends, story } = await play(plan(["test"], [deletion, relabel]), tools);
    expect([violations, ends]).toEqual([[], { "key-destroyed": 1 }]);
    expect(story).toContainEqual(expect.stringMatching(/relabels key 0 as prod: 400, 200$/));
  });

  it("replays the record of a deletion, which changes nothing", async () => {
    const deletion: Act = { at: minute, do: "delete", key: 0, by: "mallory", days: 3, event: "at-once" };
    const acts: readonly Act[] = [deletion, { at: hour, do: "replay", key: 0 }];
    const { violations, ends, story } = await play(plan(["card"], acts), tools);
    expect({ violations, ends }).toEqual({ violations: [], ends: { "key-usable": 1 } });
    expect(story.at(-1)).toMatch(/replayed$/);
  });

  it.each(["*", "GetKey", "RestoreKey", "StartKeyUsage"] as const)(
    "locks the guard out of a key by a resource policy that denies %s, and the key comes back all the same",
    async (call) => {
      const deletion: Act = { at: minute, do: "delete", key: 0, by: "mallory", days: 3, event: "at-once" };
      for (const at of [0, 2 * minute]) {
        const { violations, ends } = await play(
          plan(["card"], [{ at, do: "lock-out", key: 0, call }, deletion]),
          tools,
        );
        expect([at, violations, ends]).toEqual([at, [], { "key-usable": 1 }]);
      }
    },
  );

  it("locks the guard out again and again for half a day, and the key comes back once it ends", async () => {
    const deletion: Act = { at: minute, do: "delete", key: 0, by: "mallory", days: 3, event: "at-once" };
    const lockOuts = Array.from(
      { length: 144 },
      (_, n): Act => ({ at: n * 5 * minute, do: "lock-out", key: 0, call: "*" }),
    );
    const { violations, ends } = await play(
      plan(
        ["card"],
        [...lockOuts, deletion].toSorted((a, b) => a.at - b.at),
      ),
      tools,
    );
    expect({ violations, ends }).toEqual({ violations: [], ends: { "key-usable": 1 } });
  });
});
