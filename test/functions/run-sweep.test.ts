import { describe, expect, it } from "vitest";
import { createMetrics, type Measurement } from "../../functions/shared/metrics.ts";
import { runSweep } from "../../functions/sweep/run-sweep.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { createHistory, createMemoryMarks } from "../doubles/event-history.ts";
import { createTestGuard } from "../doubles/guard.ts";
import { createKeyWorld, deletionRequest, t0 } from "../doubles/key-world.ts";
import { createMemoryLabelBook } from "../doubles/label-inventory.ts";
import { createMemoryInventory, keyListsOf } from "../doubles/sweeper.ts";

const context = (ms = 240_000) => ({ getRemainingTimeInMillis: () => ms });

function sweepingOver(at = t0 + 60_000) {
  const keys = createKeyWorld();
  const made = createTestGuard(keys, at);
  const kept: Measurement[] = [];
  const metrics = createMetrics(async (measurements) => {
    kept.push(...measurements);
  });
  const sweeper = {
    notifyPauseChanged: async () => {},
    writeCheckpoints: async () => ({ left: false }),
    guard: made.guard,
    keyLists: keyListsOf(keys),
    inventory: createMemoryInventory(at),
    labels: createMemoryLabelBook(),
    history: createHistory({ calls: () => [deletionRequest()] }),
    marks: createMemoryMarks(),
  };
  const counted = async () => {
    await metrics.flush();
    return kept
      .splice(0)
      .map(({ name }) => name)
      .sort();
  };
  return { ...made, keys, sweeper, metrics, counted };
}

describe("a sweep", () => {
  it("counts what it did, and an event that was missed once it knows so", async () => {
    const { sweeper, metrics, counted, time } = sweepingOver();
    await runSweep({ sweeper, metrics }, context());
    expect(await counted()).toEqual(["KeysPending", "KeysRestored"]);
    time.now += 15 * 60_000;
    await runSweep({ sweeper, metrics }, context());
    expect(await counted()).toEqual(["EventsMissed", "KeysPending"]);
    time.now += 15 * 60_000;
    await runSweep({ sweeper, metrics }, context());
    expect(await counted()).toEqual(["KeysPending"]);
  });

  it("that cannot see the keys does what else is due, and fails afterwards", async () => {
    const { sweeper, metrics, counted } = sweepingOver();
    const pending = async () => await Promise.reject(new GuardError("ACCESS_DENIED", "retry", "denied"));
    const keyLists = { ...sweeper.keyLists, pending };
    const sweeping = runSweep({ sweeper: { ...sweeper, keyLists }, metrics }, context());
    await expect(sweeping).rejects.toMatchObject({ code: "ACCESS_DENIED" });
    expect(await counted()).toEqual(["KeysPending"]);
  });

  it("that runs out of time leaves the rest to the next one, and says so", async () => {
    const { sweeper, metrics, counted, keys } = sweepingOver();
    await runSweep({ sweeper, metrics }, context(19_999));
    expect(keys.state).toBe("DELETE_PENDING");
    expect(await counted()).toEqual(["KeysPending"]);
  });
});
