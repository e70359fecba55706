import { describe, expect, it } from "vitest";
import { createMetrics, type Measurement } from "../../functions/shared/metrics.ts";
import { onceAnHour } from "../../functions/sweep/hourly.ts";
import { runSweep } from "../../functions/sweep/run-sweep.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { EffectAnswer } from "../../lib/workflows/ports/guard.ts";
import { noReminders } from "../doubles/change-questions.ts";
import { createHistory, createMemoryMarks } from "../doubles/event-history.ts";
import { createTestGuard } from "../doubles/guard.ts";
import { createKeyWorld, deletionRequest, t0 } from "../doubles/key-world.ts";
import { createMemoryLabelBook } from "../doubles/label-inventory.ts";
import { noRecords } from "../doubles/stack-records.ts";
import { createMemoryStates } from "../doubles/state-inventory.ts";
import { createMemoryInventory, keyListsOf } from "../doubles/sweeper.ts";

const context = (ms = 240_000) => ({ getRemainingTimeInMillis: () => ms });

const logStatus = () => ({ ageSeconds: 60, unsigned: 0 });

function sweepingOver(at = t0 + 60_000) {
  const keys = createKeyWorld();
  const made = createTestGuard(keys, at);
  const kept: Measurement[] = [];
  const metrics = createMetrics(async (measurements) => {
    kept.push(...measurements);
  });
  const sweeper = {
    notifyPauseChanged: async () => {},
    reminders: noReminders,
    sequence: async () => ({ left: false }),
    guard: made.guard,
    keyLists: keyListsOf(keys),
    inventory: createMemoryInventory(at),
    labels: createMemoryLabelBook(),
    states: createMemoryStates(),
    records: noRecords,
    history: createHistory({ calls: () => [deletionRequest()] }),
    marks: createMemoryMarks(),
  };
  let checks = 0;
  const selfCheck = async () => {
    checks += 1;
    return checks === 1 ? { heartbeat: true } : undefined;
  };
  const counted = async () => {
    await metrics.flush();
    return kept
      .splice(0)
      .map(({ name }) => name)
      .sort();
  };
  return { ...made, keys, sweeper, metrics, selfCheck, counted, kept };
}

describe("a sweep", () => {
  it("counts what it did, and an event that was missed once it knows so", async () => {
    const { sweeper, metrics, selfCheck, counted, time } = sweepingOver();
    await runSweep({ sweeper, metrics, logStatus, selfCheck }, context());
    expect(await counted()).toEqual([
      "CheckpointsUnsigned",
      ...["Heartbeats", "KeysAtRisk", "KeysPending", "KeysRestored", "LogAgeSeconds"],
    ]);
    time.now += 15 * 60_000;
    await runSweep({ sweeper, metrics, logStatus, selfCheck }, context());
    expect(await counted()).toEqual([
      "CheckpointsUnsigned",
      "EventsMissed",
      "KeysAtRisk",
      "KeysPending",
      "LogAgeSeconds",
    ]);
    time.now += 15 * 60_000;
    await runSweep({ sweeper, metrics, logStatus, selfCheck }, context());
    expect(await counted()).toEqual(["CheckpointsUnsigned", "KeysAtRisk", "KeysPending", "LogAgeSeconds"]);
  });

  it("that cannot see the keys does what else is due, and fails afterwards", async () => {
    const { sweeper, metrics, selfCheck, counted } = sweepingOver();
    const pending = async () => await Promise.reject(new GuardError("ACCESS_DENIED", "retry", "denied"));
    const keyLists = { ...sweeper.keyLists, pending };
    const sweeping = runSweep({ sweeper: { ...sweeper, keyLists }, metrics, logStatus, selfCheck }, context());
    await expect(sweeping).rejects.toMatchObject({ code: "ACCESS_DENIED" });
    // How many keys are at risk nobody knows then, so that the alarm on it stays as it is.
    expect(await counted()).toEqual(["CheckpointsUnsigned", "Heartbeats", "KeysPending", "LogAgeSeconds"]);
  });

  it("that runs out of time leaves the rest to the next one, and says so", async () => {
    const { sweeper, metrics, selfCheck, counted, keys } = sweepingOver();
    await runSweep({ sweeper, metrics, logStatus, selfCheck }, context(19_999));
    expect(keys.state).toBe("DELETE_PENDING");
    expect(await counted()).toEqual(["CheckpointsUnsigned", "KeysAtRisk", "KeysPending", "LogAgeSeconds"]);
  });

  it.each<[string, number, () => Promise<EffectAnswer>]>([
    ["restored", 0, async () => await Promise.reject(new Error("not called"))],
    ["refused to us", 1, async () => await Promise.reject(new GuardError("ACCESS_DENIED", "retry", "denied"))],
  ])("publishes how many keys are at risk when it is over: %s", async (_, expected, restore) => {
    const { sweeper, metrics, selfCheck, kept } = sweepingOver();
    const keys = { ...sweeper.guard.keys, ...(expected > 0 && { restore }) };
    await runSweep(
      { sweeper: { ...sweeper, guard: { ...sweeper.guard, keys } }, metrics, logStatus, selfCheck },
      context(),
    );
    await metrics.flush();
    expect(kept.filter(({ name }) => name === "KeysAtRisk").map(({ value }) => value)).toEqual([expected]);
  });

  it("with too little time leaves the self-check to the next one", async () => {
    const { sweeper, metrics, selfCheck, counted } = sweepingOver();
    await runSweep({ sweeper, metrics, logStatus, selfCheck }, context(19_999));
    expect(await counted()).not.toContain("Heartbeats");
    await runSweep({ sweeper, metrics, logStatus, selfCheck }, context());
    expect(await counted()).toContain("Heartbeats");
  });
});

describe("the log, in every sweep", () => {
  it("is said to be so old, and to miss so many checkpoints", async () => {
    const { sweeper, metrics, selfCheck, kept } = sweepingOver();
    await runSweep({ sweeper, metrics, logStatus: () => ({ ageSeconds: 7_201, unsigned: 3 }), selfCheck }, context());
    await metrics.flush();
    const gauges = kept.filter(({ name }) => name === "LogAgeSeconds" || name === "CheckpointsUnsigned");
    expect(gauges.map(({ name, value }) => [name, value])).toEqual([
      ["LogAgeSeconds", 7_201],
      ["CheckpointsUnsigned", 3],
    ]);
  });

  it("is not said to be of an age that is not known", async () => {
    const { sweeper, metrics, selfCheck, counted } = sweepingOver();
    await runSweep({ sweeper, metrics, logStatus: () => ({ unsigned: 0 }), selfCheck }, context());
    expect(await counted()).not.toContain("LogAgeSeconds");
  });
});

describe("what runs once an hour", () => {
  it("runs in the first sweep of each hour, and in no other", async () => {
    let now = Date.parse("2026-11-25T21:07:00Z");
    let runs = 0;
    const hourly = onceAnHour(
      () => now,
      async () => ++runs,
    );
    const answers: (number | undefined)[] = [];
    for (const minutes of [0, 5, 47, 1, 5, 60]) {
      now += minutes * 60_000;
      answers.push(await hourly());
    }
    expect(answers).toEqual([1, undefined, undefined, 2, undefined, 3]);
  });
});
