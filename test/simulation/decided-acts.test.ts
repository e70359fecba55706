import { beforeAll, describe, expect, it } from "vitest";
import { type Act, hour, type KeyKind, minute, type Plan } from "./plan.ts";
import { play, type Tools } from "./play.ts";
import { toolsForTests } from "./tools-for-tests.ts";
import type { Simulation } from "./world.ts";

let tools: Tools;
beforeAll(async () => {
  tools = await toolsForTests();
});

/** When the inventory knows what was before (ms). */
const began = 7 * hour;

const switched = (at: number, by: "alice" | "bob" = "alice", to: number | "back" = 0): Act => {
  return { at: began + at, do: "change", key: 0, change: "switch", by, to };
};
const decided = (
  at: number,
  by: "alice" | "bob" | "carol",
  more: Partial<Extract<Act, { do: "permit-change" }>> = {},
) => {
  const about = { operation: "alias", kind: "question", step: "approve", via: "slack" } as const;
  return { at: began + at, do: "permit-change", key: 0, by, ...about, ...more } as const;
};
const started = (at: number, by: "alice" | "bob" | "carol", via: "slack" | "proof"): Act => {
  return { at: began + at, do: "start", key: 0, by, kind: "stop", via };
};
const stopped: Act = { at: began, do: "stop-usage", key: 0, by: "carol" };

/** Plays acts of one key. Returns what people heard, and what the key and its alias look like in the end. */
async function playActs(acts: readonly Act[], kind: KeyKind = "card") {
  const plan: Plan = {
    ...{ seed: 5, mode: "enforce", policy: "base", hostile: false, faults: [], noise: { rate: 0, fates: [] } },
    ...{ sweepEveryMs: 30 * minute, skewsMs: [0], indexLagMs: 20, historyLagMs: 0, keys: [kind], acts },
    endsAfterMs: 16 * hour,
  };
  let sim: Simulation | undefined;
  const onStart = (made: Simulation) => {
    sim = made;
  };
  const { violations, story } = await play(plan, { ...tools, onStart });
  const [key] = sim?.stack.controlPlane.keys() ?? [];
  const heard = story.flatMap((line) => /: (accepted|refused|unknown)$/.exec(line)?.[1] ?? []);
  return { violations, heard, points: key?.aliases.length === 1 ? "at the key" : "elsewhere", enabled: key?.Enabled };
}

describe("a change that people decide about", () => {
  it("is made again once, by whom it was asked for", async () => {
    const outcome = await playActs([switched(0), decided(20 * minute, "bob"), switched(80 * minute)]);
    expect(outcome).toMatchObject({ violations: [], heard: ["accepted"], points: "elsewhere" });
  });

  it("is undone where nobody but its requester approves, or one person refuses", async () => {
    const refusal = decided(30 * minute, "carol", { step: "refuse", via: "proof" });
    const outcome = await playActs([switched(0), decided(20 * minute, "alice"), refusal, switched(80 * minute)]);
    expect(outcome).toMatchObject({ violations: [], heard: ["refused", "accepted"], points: "at the key" });
  });

  it("passes at once where it was planned", async () => {
    const about = { kind: "plan", via: "proof" } as const;
    const requested = decided(0, "alice", { ...about, step: "request", holder: "alice", to: 0 });
    const twice = [decided(5 * minute, "bob", about), decided(10 * minute, "bob", about)];
    const outcome = await playActs([requested, ...twice, switched(80 * minute)]);
    expect(outcome).toMatchObject({ violations: [], heard: ["accepted", "accepted", "refused"], points: "elsewhere" });
  });
});

describe("a key that was stopped on purpose", () => {
  it.each(["slack", "proof"] as const)("is started for another person who asks in %s", async (via) => {
    const outcome = await playActs([stopped, started(20 * minute, "carol", via), started(40 * minute, "bob", via)]);
    expect(outcome).toMatchObject({ violations: [], heard: ["refused", "accepted"], enabled: true });
  });

  it("stays stopped where the policy of today leaves it disabled", async () => {
    const sealed: Act = { at: began + 10 * minute, do: "deploy", policy: "sealed", mode: "enforce" };
    const outcome = await playActs([stopped, sealed, started(20 * minute, "bob", "proof")], "pin");
    expect(outcome).toMatchObject({ violations: [], heard: ["accepted"], enabled: false });
  });
});
