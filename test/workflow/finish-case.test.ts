import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { Log } from "../../lib/workflows/ports/guard.ts";
import { createHistoryReading } from "../../lib/workflows/sweep/history-reading.ts";
import { finishCase, sweepKey } from "../../lib/workflows/sweep/key.ts";
import { createHistory } from "../doubles/event-history.ts";
import { createTestGuard } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, keyArn, t0 } from "../doubles/key-world.ts";
import { createTestSweep } from "../doubles/sweeper.ts";

const minute = 60_000;
const seen = { source: "service-event" as const, keyArn: keyArn(), deliveries: 1 };
const first = { keyArn: keyArn(), generation: 1 };
const readingOf = (history: ReturnType<typeof createHistory>, log: Log = () => {}) => ({
  ...createHistoryReading({ history, mark: undefined, clock: () => t0, log, timeLeft: () => 1000, budgetMs: 1000 }),
  reads: () => history.counts.reads,
});
const historyOf = (latest?: ReturnType<typeof deletionRequest>) =>
  readingOf(createHistory({ calls: () => (latest ? [latest] : []) }));

/** A key restored twice, both times without a record; the clock stands an hour after. */
async function twoSilentCases() {
  const keys = createKeyWorld();
  const test = createTestGuard(keys, t0 + 1000);
  await guardDeletion(test.guard, seen);
  keys.state = "DELETE_PENDING";
  keys.deletePendingAt = t0 + 4 * day;
  test.time.now += minute;
  await guardDeletion(test.guard, seen);
  test.time.now += 60 * minute;
  return { ...test, keys };
}

describe("finishing a case that is over", () => {
  it("notes that its event was missed, where a later deletion took its place in CloudTrail's history", async () => {
    const { guard, kinds, keys, bus } = await twoSilentCases();
    const calls = keys.calls.length;
    const history = historyOf(deletionRequest({ at: t0 + minute }));
    const files = await finishCase(guard, history, first);
    expect(files.map(({ added }) => added.map(({ kind }) => kind))).toEqual([["event-missed"]]);
    expect(kinds().map((each) => each.at(-1))).toEqual(["event-missed", "key-usable"]);
    expect(history.reads()).toBe(0);
    expect(keys.calls).toHaveLength(calls);
    expect(bus.published.at(-1)).toMatchObject({ generation: 1, kind: "event-missed" });
  });

  it("that is the newest looks its call up, and learns who it was", async () => {
    const { guard, kinds } = await twoSilentCases();
    const record = deletionRequest({ at: t0 + minute, requestedDays: 4 });
    await finishCase(guard, historyOf(record), { ...first, generation: 2 });
    expect(kinds()[1]?.at(-1)).toBe("requester-learned");
  });

  it("that is the newest, and of which CloudTrail knows nothing, says so once", async () => {
    const { guard, kinds } = await twoSilentCases();
    const newest = { ...first, generation: 2 };
    const history = historyOf();
    await finishCase(guard, history, newest);
    await finishCase(guard, history, newest);
    expect(kinds()[1]?.filter((kind) => kind === "event-missed")).toHaveLength(1);
    expect(history.reads()).toBe(1);
  });

  it("tells what was not told, and adds nothing where nothing is in doubt", async () => {
    const keys = createKeyWorld();
    const { guard, kinds, bus } = createTestGuard(keys, t0 + 1000);
    const silent = {
      ...guard.bus,
      publish: async () => await Promise.reject(new GuardError("BUS_UNAVAILABLE", "retry", "down")),
    };
    const event = { source: "event" as const, request: deletionRequest(), deliveries: 1 };
    await expect(guardDeletion({ ...guard, bus: silent }, event)).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
    const before = kinds();
    const history = historyOf();
    await finishCase(guard, history, first);
    expect(kinds()).toEqual(before);
    expect(bus.published.map(({ kind }) => kind)).toEqual(before[0]);
    expect(history.reads()).toBe(0);
    await finishCase(guard, history, first);
    expect(bus.published).toHaveLength(before[0]?.length ?? 0);
  });

  it("of a name that no case bears does nothing", async () => {
    const { guard } = createTestGuard(createKeyWorld(), t0);
    expect(await finishCase(guard, historyOf(), { ...first, generation: 7 })).toEqual([]);
  });
});

describe("sweeping a key", () => {
  it("answers every case it has worked on", async () => {
    const keys = createKeyWorld({ deletePendingAt: t0 + day });
    const { guard } = createTestGuard(keys, t0 + minute);
    const files = await sweepKey(guard, historyOf(), { keyArn: keyArn(), listed: true });
    expect(files.flatMap(({ added }) => added.map(({ kind }) => kind))).toEqual([
      ...["deletion-detected", "decided", "restore-intended", "key-restored", "key-usable"],
      "event-missed",
    ]);
  });

  it("reads no history where nothing is in doubt", async () => {
    const { guard } = createTestGuard(createKeyWorld(), t0 + minute);
    const history = historyOf();
    await sweepKey(guard, history, { keyArn: keyArn(), listed: true });
    expect(history.reads()).toBe(0);
  });

  it("says in the log why it could not look a call up, and restores all the same", async () => {
    const keys = createKeyWorld({ deletePendingAt: t0 + day });
    const { guard, logged } = createTestGuard(keys, t0 + minute);
    const down = createHistory({
      calls: () => [],
      fails: () => new GuardError("HISTORY_UNAVAILABLE", "retry", "down"),
    });
    await sweepKey(guard, readingOf(down, guard.log), { keyArn: keyArn(), listed: true });
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(logged).toContainEqual({
      code: "SWEEP_STEP_FAILED",
      fields: { step: "read-history", code: "HISTORY_UNAVAILABLE" },
    });
  });
});

describe("the report of a sweep", () => {
  it("counts what is pending, done, failed and damaged", async () => {
    const keys = createKeyWorld();
    const { run, guard, logged } = createTestSweep(keys, t0 + minute);
    const damaged = async () => await Promise.reject(new GuardError("CASE_UNREADABLE", "retry", "damaged"));
    const down = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    expect(await run({ cases: { ...guard.cases, history: damaged } })).toMatchObject({
      pending: 1,
      done: 1,
      damaged: 1,
    });
    keys.state = "DELETE_PENDING";
    expect(await run({ cases: { ...guard.cases, history: down } })).toMatchObject({
      pending: 1,
      done: 1,
      damaged: 0,
      protectedKeys: 0,
    });
    const failing = {
      ...keys,
      observe: async () => await Promise.reject(new GuardError("CONTROL_PLANE_UNAVAILABLE", "retry", "down")),
    };
    expect(await run({ keys: failing })).toMatchObject({ pending: 1, done: 0, failed: 1, left: 0 });
    expect(logged.at(-2)).toMatchObject({
      code: "SWEEP_STEP_FAILED",
      fields: { task: "look", keyArn: keyArn(), code: "CONTROL_PLANE_UNAVAILABLE" },
    });
    expect(logged.at(-1)).toMatchObject({
      code: "SWEEP_FINISHED",
      fields: { pending: 1, done: 0, failed: 1, left: 0 },
    });
  });
});
