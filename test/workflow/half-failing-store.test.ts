import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { Guard } from "../../lib/workflows/guard/run.ts";
import type { CaseStore } from "../../lib/workflows/ports/guard.ts";
import { allowReaper, asking, createTestGuard, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, keyArn, paymentKey, reaper, t0 } from "../doubles/key-world.ts";
import { createTestSweep } from "../doubles/sweeper.ts";
import { cast } from "../doubles/vote-deps.ts";
import { sweepToTheEnd } from "../doubles/weeks.ts";

const hour = 3_600_000;
const down = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
const writesFail: Partial<CaseStore> = { save: down, savePermit: down, markPublished: down };
const event = (request = deletionRequest(), deliveries = 1) => ({ source: "event", request, deliveries }) as const;
const reEvaluate = { source: "re-evaluate", keyArn: keyArn(), generation: 1, deliveries: 1 } as const;
const secondId = "22222222-2222-4222-8222-222222222222";

function withStore(guard: Guard, faults: Partial<CaseStore>): Guard {
  return { ...guard, cases: { ...guard.cases, ...faults } };
}

describe("a store that can be read and not written", () => {
  it("keeps no sweep from restoring a key whose event was lost, and from starting it", async () => {
    const keys = createKeyWorld({ key: paymentKey({ enabled: false, usageStoppedAt: t0 }) });
    const test = createTestSweep(keys, t0 + 5000, {
      inventory: { lastSeen: async () => ({ enabled: true, at: t0 - hour }), labelsSeen: async () => undefined },
    });
    const { cases } = withStore(test.guard, writesFail);
    expect(await sweepToTheEnd(test, keys, { cases })).toBe(1);
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(test.bus.unrecorded[0]).toBe("deletion-detected decided restore-intended");
  });

  it("lets the next sweep complete a restore that was not recorded, once both the store and the inventory answer", async () => {
    const keys = createKeyWorld({ key: paymentKey({ enabled: false }) });
    const test = createTestSweep(keys, t0 + 5000, {
      inventory: { lastSeen: async () => ({ enabled: true, at: t0 - hour }), labelsSeen: async () => undefined },
    });
    const unavailable = async () => ({ kind: "undated", arn: keyArn(), why: "unavailable" }) as const;
    await test.run({ keys: { ...keys, observe: unavailable } });
    expect(test.kinds()).toEqual([["deletion-detected"]]);
    test.time.now += 300_000;
    await test.run({ ...withStore(test.guard, writesFail), inventory: { lastSeen: down, labelsSeen: down } });
    expect([keys.state, keys.key.enabled]).toEqual(["CREATE_COMPLETE", false]);
    test.time.now += 3_000_000;
    await test.run();
    expect(test.kinds()[0]).toEqual([
      ...["deletion-detected", "event-missed", "decided", "key-restored", "usage-start-intended", "key-usable"],
    ]);
    expect(keys.key.enabled).toBe(true);
  });

  it("delays no restore past 48 h before the destruction where the requester matters", async () => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + 5000, { policy: policyWith([allowReaper]) });
    const { cases } = withStore(test.guard, writesFail);
    await sweepToTheEnd(test, keys, { cases });
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(keys.deletePendingAt - test.time.now).toBeGreaterThanOrEqual(2 * day - 900_000);
  });

  it("restores on an event that is older than an hour, since the records say that nothing is allowed", async () => {
    const keys = createKeyWorld();
    const { guard } = createTestGuard(keys, t0 + 2 * hour);
    const run = guardDeletion(withStore(guard, writesFail), event());
    await expect(run).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("restores a key whose open question nobody can answer, 48 h before its destruction", async () => {
    const keys = createKeyWorld({ deletePendingAt: t0 + 7 * day });
    const test = createTestSweep(keys, t0 + 5000, { policy: asking({ meanwhile: "pending", within: "7d" }) });
    await guardDeletion(test.guard, event(deletionRequest({ requestedDays: 7 })));
    expect(test.kinds()[0]?.at(-1)).toBe("approval-requested");
    await sweepToTheEnd(test, keys, { cases: withStore(test.guard, writesFail).cases });
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(keys.deletePendingAt - test.time.now).toBeGreaterThanOrEqual(2 * day - 900_000);
  });

  it("undoes no deletion that is allowed and confirmed on record", async () => {
    const keys = createKeyWorld();
    const request = deletionRequest({ requester: reaper });
    const test = createTestSweep(keys, t0 + 5000, { policy: policyWith([allowReaper]) });
    test.inHistory.latest = request;
    await guardDeletion(test.guard, event(request));
    test.time.now += 900_000;
    await test.run();
    expect(test.kinds()[0]?.at(-1)).toBe("requester-confirmed");
    const { cases } = withStore(test.guard, { save: down });
    test.time.now = t0 + 2 * day - hour;
    await test.run({ cases });
    expect(keys.state).toBe("DELETE_PENDING");
  });
});

describe("a publish cursor that cannot be moved", () => {
  it("undoes no deletion that is permitted on record", async () => {
    const keys = createKeyWorld();
    const { guard, time, bus, kinds } = createTestGuard(keys, t0 + 1000, { policy: asking({ permitFor: "7d" }) });
    await guardDeletion(guard, event());
    for (const person of ["bob", "carol"]) await cast(guard, person, "approve");
    await guardDeletion(guard, reEvaluate);
    time.now += hour;
    const again = deletionRequest({ eventId: secondId, at: time.now - 2000 });
    Object.assign(keys, { state: "DELETE_PENDING", deletePendingAt: again.at + 3 * day });
    const run = guardDeletion(withStore(guard, { markPublished: down }), event(again));
    await expect(run).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect([keys.state, bus.unrecorded]).toEqual(["DELETE_PENDING", []]);
    expect(kinds()[1]?.slice(-2)).toEqual(["permit-used", "deletion-allowed"]);
  });
});

describe("a deletion that people are to be asked about, the key pending", () => {
  it.each<[string, Partial<CaseStore>]>([
    ["read", { history: down, save: down }],
    ["written", { save: down }],
  ])("is undone while cases cannot be %s: nobody could be asked", async (_, faults) => {
    const keys = createKeyWorld();
    const { guard } = createTestGuard(keys, t0 + 5000, { policy: asking({ meanwhile: "pending" }) });
    await expect(guardDeletion(withStore(guard, faults), event())).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("stays allowed when a duplicate of its event meets a failing write", async () => {
    const keys = createKeyWorld();
    const { guard, bus } = createTestGuard(keys, t0 + 5000, { policy: asking({ meanwhile: "pending" }) });
    await guardDeletion(guard, event());
    for (const person of ["bob", "carol"]) await cast(guard, person, "approve");
    await expect(guardDeletion(withStore(guard, writesFail), event(deletionRequest(), 2))).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
    });
    expect([keys.state, bus.unrecorded.join(" ").includes("restore")]).toEqual(["DELETE_PENDING", false]);
  });
});
