import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { allowReaper, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, keyArn, paymentKey, reaper, t0 } from "../doubles/key-world.ts";
import { createTestSweep } from "../doubles/sweeper.ts";

const minute = 60_000;
const hour = 60 * minute;
const allowing = { policy: policyWith([allowReaper]) };
const byReaper = deletionRequest({ requester: reaper });
const event = (request = deletionRequest()) => ({ source: "event" as const, request, deliveries: 1 });
const restoredUnasked = ["deletion-detected", "decided", "restore-intended", "key-restored", "key-usable"];

describe("a deletion whose event never came", () => {
  it("is undone at once where no requester could change the outcome, with two calls", async () => {
    const keys = createKeyWorld();
    const { run, kinds } = createTestSweep(keys, t0 + 5 * minute);
    expect(await run()).toMatchObject({ pending: 1, done: 1, failed: 0, left: 0, stepErrors: [] });
    expect(kinds()).toEqual([restoredUnasked]);
    expect(keys.calls).toEqual(["ListKeys", "GetKey", "RestoreKey"]);
  });

  it("has its requester looked up after the grace time, and told", async () => {
    const keys = createKeyWorld();
    const { run, kinds, time, inHistory, bus } = createTestSweep(keys, t0 + 5 * minute);
    await run();
    inHistory.latest = deletionRequest();
    time.now += 14 * minute;
    await run();
    expect(inHistory.reads).toBe(0);
    time.now += minute;
    await run();
    expect(kinds()).toEqual([[...restoredUnasked, "requester-learned"]]);
    expect(bus.published.map(({ kind }) => kind)).toEqual(kinds()[0]);
    await run();
    expect(inHistory.reads).toBe(1);
  });

  it("waits for the event where a requester could change the outcome, then looks it up and decides by it", async () => {
    const keys = createKeyWorld();
    const { run, kinds, time, inHistory } = createTestSweep(keys, t0 + 5 * minute, allowing);
    inHistory.latest = byReaper;
    await run();
    time.now += 10 * minute;
    await run();
    expect(kinds()).toEqual([["deletion-detected"]]);
    time.now += 5 * minute;
    await run();
    expect(kinds()).toEqual([["deletion-detected", "requester-learned", "decided", "deletion-allowed"]]);
    expect(keys.calls).not.toContain("RestoreKey");
  });

  it("is decided without the requester when CloudTrail does not know the call either", async () => {
    const keys = createKeyWorld();
    const { run, kinds, time } = createTestSweep(keys, t0, allowing);
    await run();
    time.now += 15 * minute;
    await run();
    expect(kinds()).toEqual([
      ["deletion-detected", "event-missed", "decided", "restore-intended", "key-restored", "key-usable"],
    ]);
  });

  it("is decided without CloudTrail when that is out of reach, and its record is finished later", async () => {
    const keys = createKeyWorld();
    const { run, kinds, time, inHistory } = createTestSweep(keys, t0, allowing);
    await run();
    inHistory.fails = new GuardError("HISTORY_UNAVAILABLE", "retry", "down");
    time.now += 15 * minute;
    await run();
    expect(kinds()).toEqual([restoredUnasked]);
    delete inHistory.fails;
    time.now += 15 * minute;
    await run();
    expect(kinds()).toEqual([[...restoredUnasked, "event-missed"]]);
  });

  it("waits for nothing when the key may be destroyed within a day", async () => {
    const keys = createKeyWorld({ deletePendingAt: t0 + day });
    const { run, kinds } = createTestSweep(keys, t0 + hour, allowing);
    await run();
    expect(kinds()).toEqual([
      ["deletion-detected", "event-missed", "decided", "restore-intended", "key-restored", "key-usable"],
    ]);
  });

  it("is never taken for a call that an earlier case of the key knows", async () => {
    const keys = createKeyWorld();
    const { run, guard, kinds, time, inHistory } = createTestSweep(keys, t0);
    await guardDeletion(guard, event());
    keys.state = "DELETE_PENDING";
    keys.deletePendingAt += minute;
    inHistory.latest = deletionRequest();
    await run();
    time.now += 15 * minute;
    await run();
    expect(kinds()[1]).toEqual([...restoredUnasked, "event-missed"]);
  });
});

describe("an allowed deletion", () => {
  const allowed = ["deletion-detected", "decided", "deletion-allowed"];
  const undone = ["restore-intended", "key-restored", "key-usable"];

  it("is confirmed by CloudTrail's history, once, and then verified every hour", async () => {
    const keys = createKeyWorld();
    const { run, guard, kinds, time, inHistory } = createTestSweep(keys, t0, allowing);
    await guardDeletion(guard, event(byReaper));
    time.now += 10 * minute;
    await run();
    expect(kinds()).toEqual([allowed]);
    inHistory.latest = byReaper;
    time.now += 5 * minute;
    await run();
    expect(kinds()).toEqual([[...allowed, "requester-confirmed"]]);
    const calls = keys.calls.length;
    time.now += 55 * minute;
    await run();
    expect(keys.calls.slice(calls)).toEqual(["ListKeys"]);
    time.now += 10 * minute;
    await run();
    expect(keys.calls.slice(calls + 1)).toEqual(["ListKeys", "GetKey"]);
    // Once to confirm it, and once forward.
    expect(inHistory.reads).toBe(2);
  });

  it("is undone when nothing confirms it within an hour: someone forged a record", async () => {
    const keys = createKeyWorld();
    const { run, guard, kinds, time } = createTestSweep(keys, t0, allowing);
    await guardDeletion(guard, event(byReaper));
    for (let n = 0; n < 3; n++) {
      time.now += 15 * minute;
      await run();
    }
    expect(kinds()).toEqual([allowed]);
    time.now += 15 * minute;
    await run();
    expect(kinds()).toEqual([[...allowed, "requester-unconfirmed", ...undone]]);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("is undone at once when CloudTrail reports someone else under the same eventID", async () => {
    const keys = createKeyWorld();
    const { run, guard, kinds, time, inHistory } = createTestSweep(keys, t0, allowing);
    await guardDeletion(guard, event(byReaper));
    inHistory.latest = deletionRequest();
    time.now += 15 * minute;
    await run();
    expect(kinds()).toEqual([[...allowed, "requester-unconfirmed", ...undone]]);
  });

  it("is decided again when CloudTrail knows a later call that nobody reported", async () => {
    const keys = createKeyWorld();
    const { run, guard, kinds, time, inHistory } = createTestSweep(keys, t0, allowing);
    await guardDeletion(guard, event(byReaper));
    inHistory.latest = deletionRequest({ eventId: "11111111-1111-4111-8111-111111111111", at: t0 + minute });
    time.now += 15 * minute;
    await run();
    expect(kinds()).toEqual([[...allowed, "deletion-detected", "decided", ...undone]]);
  });

  it("waits for CloudTrail as long as there is time, and is undone a day before it would be final", async () => {
    const keys = createKeyWorld();
    const { run, guard, kinds, time, inHistory } = createTestSweep(keys, t0, allowing);
    inHistory.fails = new GuardError("HISTORY_UNAVAILABLE", "retry", "down");
    await guardDeletion(guard, event(byReaper));
    time.now = t0 + 2 * day - minute;
    await run();
    expect(kinds()).toEqual([allowed]);
    time.now += 15 * minute;
    await run();
    expect(kinds()).toEqual([[...allowed, ...undone]]);
  });

  it("is followed to its end", async () => {
    const keys = createKeyWorld();
    const { run, guard, kinds, time, inHistory, cases } = createTestSweep(keys, t0, allowing);
    inHistory.latest = byReaper;
    await guardDeletion(guard, event(byReaper));
    time.now += 15 * minute;
    await run();
    keys.state = "GONE";
    time.now = keys.deletePendingAt + minute;
    await run();
    expect(kinds()).toEqual([[...allowed, "requester-confirmed", "key-destroyed"]]);
    expect([...cases.items.values()][0]).toMatchObject({ status: "closed", published: 5 });
    expect([...cases.items.values()][0]).not.toHaveProperty("dueAt");
  });

  it("that was swapped for another one while nobody looked is a case of its own", async () => {
    const keys = createKeyWorld();
    const { run, guard, kinds, time, inHistory } = createTestSweep(keys, t0, allowing);
    inHistory.latest = byReaper;
    await guardDeletion(guard, event(byReaper));
    time.now += 15 * minute;
    await run();
    keys.deletePendingAt += 3 * hour;
    time.now += hour;
    await run();
    expect(kinds()).toEqual([[...allowed, "requester-confirmed", "deletion-superseded"], ["deletion-detected"]]);
  });
});

describe("what was left undone", () => {
  it("is published by the sweep: entries that the bus did not take", async () => {
    const keys = createKeyWorld();
    const { run, guard, time, bus, kinds, cases } = createTestSweep(keys, t0);
    const publish = async () => await Promise.reject(new GuardError("BUS_UNAVAILABLE", "retry", "down"));
    const broken = { ...guard, bus: { ...bus, publish } };
    await expect(guardDeletion(broken, event())).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
    time.now += 15 * minute;
    const calls = keys.calls.length;
    expect(await run()).toMatchObject({ done: 1, failed: 0 });
    expect(bus.published.map(({ kind }) => kind)).toEqual(kinds()[0]);
    expect(keys.calls.slice(calls)).toEqual(["ListKeys"]);
    expect([...cases.items.values()][0]).not.toHaveProperty("dueAt");
    expect(await run()).toMatchObject({ done: 0 });
  });

  it("is gone on with after a crash between intent and effect, once the dead run's claim is over", async () => {
    const keys = createKeyWorld();
    const { run, guard, time, kinds } = createTestSweep(keys, t0);
    const restore = async () => await Promise.reject(new Error("the function died"));
    const release = async (change: Parameters<typeof guard.cases.save>[0]) =>
      change.lease === undefined ? await Promise.reject(new Error("dead")) : await guard.cases.save(change);
    const dying = { ...guard, keys: { ...keys, restore }, cases: { ...guard.cases, save: release } };
    await expect(guardDeletion(dying, event())).rejects.toThrow();
    await run();
    expect(keys.state).toBe("DELETE_PENDING");
    time.now += 5 * minute;
    await run();
    expect(kinds()).toEqual([restoredUnasked]);
  });

  it("does not keep the sweep from the rest: one task that fails fails alone", async () => {
    const keys = createKeyWorld();
    const { run, logged } = createTestSweep(keys, t0);
    const down = async () => await Promise.reject(new GuardError("CONTROL_PLANE_UNAVAILABLE", "retry", "down"));
    expect(await run({ keys: { ...keys, observe: down } })).toMatchObject({ done: 0, failed: 1 });
    expect(logged.map(({ code }) => code)).toEqual(["KEY_HIDDEN", "SWEEP_STEP_FAILED", "SWEEP_FINISHED"]);
  });
});

describe("with records that cannot be read", () => {
  const down = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
  const damaged = async () => await Promise.reject(new GuardError("CASE_UNREADABLE", "retry", "entry 2: wrong-prev"));

  it("the sweep waits for the store, and restores 48 h before the key may be destroyed", async () => {
    const keys = createKeyWorld();
    const { run, guard, time, bus, logged } = createTestSweep(keys, t0);
    const cases = { ...guard.cases, history: down, due: down };
    const report = await run({ cases });
    expect(report).toMatchObject({ protectedKeys: 0, failed: 0 });
    expect(report.stepErrors).toMatchObject([{ code: "STORE_UNAVAILABLE" }]);
    expect(keys.calls).toEqual(["ListKeys", "GetKey"]);
    time.now = t0 + day;
    expect(await run({ cases })).toMatchObject({ protectedKeys: 1 });
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(bus.unrecorded).toEqual(["deletion-detected decided restore-intended", "key-restored key-usable"]);
    expect(logged.map(({ code }) => code)).toContain("ACTING_WITHOUT_RECORD");
  });

  it("a damaged case is set apart, and its key restored where the policy alone says so", async () => {
    const keys = createKeyWorld();
    const { run, guard, cases, logged } = createTestSweep(keys, t0);
    await guardDeletion({ ...guard, policy: policyWith([], { mode: "observe" }) }, event());
    const texts = [...cases.items.values()][0]?.texts;
    expect(await run({ cases: { ...guard.cases, history: damaged } })).toMatchObject({ protectedKeys: 1 });
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect([...cases.items.values()][0]).toMatchObject({ status: "quarantined", texts });
    expect(logged.map(({ code }) => code)).toContain("CASE_QUARANTINED");
  });

  it("a damaged case is left to the last moment where someone may have allowed the deletion", async () => {
    const keys = createKeyWorld();
    const { run, guard, time } = createTestSweep(keys, t0, allowing);
    const cases = { ...guard.cases, history: damaged };
    expect(await run({ cases })).toMatchObject({ protectedKeys: 0 });
    time.now = t0 + day;
    expect(await run({ cases })).toMatchObject({ protectedKeys: 1 });
  });

  it("what was only observed is restored by the first sweep under a policy that enforces", async () => {
    const keys = createKeyWorld();
    const { run, guard } = createTestSweep(keys, t0 + 1000);
    await guardDeletion({ ...guard, policy: policyWith([], { mode: "observe" }) }, event());
    expect(keys.state).toBe("DELETE_PENDING");
    await run();
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("nothing is done in observe mode", async () => {
    const keys = createKeyWorld({ deletePendingAt: t0 + hour });
    const { run, guard } = createTestSweep(keys, t0, { policy: policyWith([], { mode: "observe" }) });
    expect(await run({ cases: { ...guard.cases, history: damaged } })).toMatchObject({ protectedKeys: 0 });
    expect(keys.calls).toEqual(["ListKeys"]);
  });
});

describe("a question", () => {
  const ask = (meanwhile: "restored" | "pending") => ({
    id: "pin-keys",
    when: { key: { usage: ["TR31_P0_PIN_ENCRYPTION_KEY"] } },
    then: "ask",
    approval: { from: "custodians", quorum: 2, within: "10h", meanwhile },
  });
  const pin = paymentKey({ usage: "TR31_P0_PIN_ENCRYPTION_KEY" });

  it("left pending is reminded of, and its deadline restores the key", async () => {
    const keys = createKeyWorld({ key: pin });
    const { run, guard, time, kinds } = createTestSweep(keys, t0, { policy: policyWith([ask("pending")]) });
    await guardDeletion(guard, event());
    for (const hours of [5, 3, 1.5, 0.5]) {
      time.now += hours * hour;
      await run();
    }
    expect(kinds()).toEqual([
      [
        "deletion-detected",
        "decided",
        "approval-requested",
        ...["approval-reminded", "approval-reminded", "approval-reminded", "approval-expired"],
        ...["restore-intended", "key-restored", "key-usable"],
      ],
    ]);
  });

  it("about a restored key ends by itself when its time is up", async () => {
    const keys = createKeyWorld({ key: pin });
    const { run, guard, time, kinds, cases } = createTestSweep(keys, t0, { policy: policyWith([ask("restored")]) });
    await guardDeletion(guard, event());
    time.now += 10 * hour;
    await run();
    expect(kinds()[0]?.slice(-2)).toEqual(["approval-requested", "approval-expired"]);
    expect([...cases.items.values()][0]).toMatchObject({ status: "closed" });
    expect(keyArn()).toBe(keys.key.arn);
  });
});

describe("the inventory", () => {
  it("is taken after 23 hours, after everything else, so that it is never older than a day", async () => {
    const keys = createKeyWorld({ state: "CREATE_COMPLETE" });
    const { run, time, inventory } = createTestSweep(keys, t0);
    time.now += 23 * hour - 1;
    await run();
    expect(inventory.taken).toEqual([]);
    time.now += 1;
    await run();
    await run();
    expect(inventory.taken).toMatchObject([[{ arn: keys.key.arn, alive: true, enabled: true }]]);
  });

  it("is taken again after an hour while its labels cannot be noted, and once more when they can", async () => {
    const keys = createKeyWorld({ state: "CREATE_COMPLETE" });
    const { run, time, inventory, labels } = createTestSweep(keys, t0);
    const { noteReadAt } = labels;
    labels.noteReadAt = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    time.now += 23 * hour;
    expect((await run()).stepErrors).toMatchObject([{ code: "STORE_UNAVAILABLE" }]);
    expect(inventory.taken).toHaveLength(1);
    time.now += hour - 1;
    await run();
    expect(inventory.taken).toHaveLength(1);
    time.now += 1;
    labels.noteReadAt = noteReadAt;
    for (let sweeps = 0; sweeps < 24; sweeps++) {
      await run();
      time.now += 5 * minute;
    }
    expect(inventory.taken).toHaveLength(2);
  });

  it("is taken again by a clock that was set back, and not by every sweep then", async () => {
    const keys = createKeyWorld({ state: "CREATE_COMPLETE" });
    const { run, time, inventory } = createTestSweep(keys, t0 + 30 * day);
    time.now = t0;
    await run();
    await run();
    expect(inventory.taken).toHaveLength(1);
  });

  it("that cannot be taken harms nothing else", async () => {
    const keys = createKeyWorld();
    const { run, time, inventory, kinds } = createTestSweep(keys, t0);
    inventory.takenAt = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    time.now += 5 * minute;
    expect((await run()).stepErrors).toMatchObject([{ code: "STORE_UNAVAILABLE" }]);
    expect(kinds()).toEqual([restoredUnasked]);
  });
});
