import { describe, expect, it } from "vitest";
import { caseOf } from "../../lib/domain/case/fold.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { underPause } from "../../lib/workflows/guard/pause-in-force.ts";
import type { PaymentKeys } from "../../lib/workflows/ports/guard.ts";
import { allowReaper, asking, createTestGuard, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, deletionRequest, keyArn, paymentKey, reaper, t0 } from "../doubles/key-world.ts";
import { createTestSweep } from "../doubles/sweeper.ts";
import { sweepToTheEnd } from "../doubles/weeks.ts";

const denied = async () => await Promise.reject(new GuardError("ACCESS_DENIED", "retry", "denied"));
const event = (request = deletionRequest(), deliveries = 1) => ({ source: "event", request, deliveries }) as const;

/** A world whose GetKey is denied to us, and whatever else `faults` says. */
function hidden(keys = createKeyWorld(), faults: Partial<PaymentKeys> = {}) {
  return { keys, port: { ...keys, observe: denied, ...faults } };
}

describe("a key that was restored while people are asked, and deleted again while GetKey fails", () => {
  const unavailable = async () =>
    await Promise.reject(new GuardError("CONTROL_PLANE_UNAVAILABLE", "retry", "GetKey fails"));
  const hour = 3_600_000;

  it("is restored again within an hour: the call came after the restore", async () => {
    const keys = createKeyWorld();
    const policy = asking({ meanwhile: "restored" });
    const { guard, time, kinds } = createTestGuard(keys, t0 + 1000, { policy });
    await guardDeletion(guard, event());
    expect([keys.state, kinds()[0]?.includes("approval-requested")]).toEqual(["CREATE_COMPLETE", true]);
    keys.state = "DELETE_PENDING";
    const again = deletionRequest({ eventId: "6b1b3f0e-0000-4000-8000-000000000002", at: t0 + 2 * hour });
    const blind = { ...guard, keys: { ...keys, observe: unavailable } };
    time.now = t0 + 2 * hour + 1000;
    await guardDeletion(blind, event(again)).catch(() => {});
    expect([kinds()[0]?.at(-1), kinds()[1]?.[0]]).toEqual(["deletion-superseded", "deletion-detected"]);
    time.now = t0 + 4 * hour;
    await guardDeletion(blind, event(again, 9)).catch(() => {});
    expect(keys.state).toBe("CREATE_COMPLETE");
  });
});

describe("a deleted key that GetKey does not show us", () => {
  it.each([
    ["restores it", policyWith()],
    ["asks people first", asking({ meanwhile: "pending" })],
    ["allows the requester: its time cannot be known", policyWith([allowReaper])],
  ])("is restored from its event where the policy %s", async (_, policy) => {
    const { keys, port } = hidden();
    const { guard, kinds, logged } = createTestGuard(keys, t0 + 1000, { policy, keys: port });
    await guardDeletion(guard, event(deletionRequest({ requester: reaper })));
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(kinds()[0]?.[0]).toBe("deletion-detected");
    expect(kinds()[0]).toContain("key-restored");
    expect(logged.map(({ code }) => code)).toContain("KEY_HIDDEN");
  });

  it("is started again by what RestoreKey showed of it", async () => {
    const { keys, port } = hidden(createKeyWorld({ key: paymentKey({ enabled: false, usageStoppedAt: t0 }) }));
    const { guard } = createTestGuard(keys, t0 + 1000, { keys: port });
    await guardDeletion(guard, event());
    expect([keys.state, keys.key.enabled]).toEqual(["CREATE_COMPLETE", true]);
  });

  it("has its case opened and the failure on record when RestoreKey is denied too", async () => {
    const { keys, port } = hidden(createKeyWorld(), { restore: denied });
    const { guard, kinds, bus } = createTestGuard(keys, t0 + 1000, { keys: port });
    for (const deliveries of [1, 2])
      await expect(guardDeletion(guard, event(deletionRequest(), deliveries))).rejects.toMatchObject({
        code: "ACCESS_DENIED",
        disposition: "retry",
      });
    const told = ["deletion-detected", "decided", "restore-intended", "look-denied", "effect-failed"];
    expect(kinds()[0]?.slice(0, 5)).toEqual(told);
    expect(bus.published.slice(0, 5).map(({ kind }) => kind)).toEqual(told);
  });

  it("is found by the sweep, since ListKeys still shows it", async () => {
    const { keys, port } = hidden();
    const test = createTestSweep(keys, t0 + 1000, { keys: port });
    expect(await sweepToTheEnd(test, keys)).toBe(1);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("is left alone on a hint that does not say that it is pending", async () => {
    const { keys, port } = hidden();
    const { guard } = createTestGuard(keys, t0 + 1000, { keys: port });
    const run = guardDeletion(guard, { source: "service-event", keyArn: keyArn(), deliveries: 1 });
    await expect(run).rejects.toMatchObject({ code: "KEY_STATE_UNKNOWN" });
    expect(keys.calls).not.toContain("RestoreKey");
  });

  it("is left pending as its record allows, while GetKey is denied later", async () => {
    const keys = createKeyWorld();
    const { guard } = createTestGuard(keys, t0 + 1000, { policy: policyWith([allowReaper]) });
    await guardDeletion(guard, event(deletionRequest({ requester: reaper })));
    await guardDeletion({ ...guard, keys: hidden(keys).port }, event(deletionRequest({ requester: reaper }), 2));
    expect(keys.state).toBe("DELETE_PENDING");
  });

  it("is left alone while the policy observes", async () => {
    const { keys, port } = hidden();
    const policy = policyWith([], { mode: "observe" });
    const { guard, kinds } = createTestGuard(keys, t0 + 1000, { policy, keys: port });
    await guardDeletion(guard, event());
    expect([keys.state, kinds()]).toEqual(["DELETE_PENDING", [["deletion-detected", "decided"]]]);
  });
});

describe("a deleted key that GetKey fails for", () => {
  const failing = (keys = createKeyWorld(), faults: Partial<PaymentKeys> = {}) => {
    const observe = async () => await Promise.reject(new GuardError("CONTROL_PLANE_UNAVAILABLE", "retry", "down"));
    return { keys, port: { ...keys, observe, ...faults } };
  };
  const unanswered = { code: "CONTROL_PLANE_UNAVAILABLE", disposition: "retry" };
  const policies = [
    ["restores it", policyWith()],
    ["asks people first", asking({ meanwhile: "pending" })],
    ["allows the requester: its time cannot be known", policyWith([allowReaper])],
  ] as const;

  it.each(policies)("has its case at once, and is restored within an hour where the policy %s", async (_, policy) => {
    const { keys, port } = failing();
    const { guard, kinds, logged, time } = createTestGuard(keys, t0 + 1000, { policy, keys: port });
    const request = deletionRequest({ requester: reaper });
    for (const [deliveries, seconds] of [
      [1, 5],
      [2, 3_590],
    ] as const) {
      await expect(guardDeletion(guard, event(request, deliveries))).rejects.toMatchObject(unanswered);
      expect([keys.state, kinds()]).toEqual(["DELETE_PENDING", [["deletion-detected"]]]);
      time.now += seconds * 1000;
    }
    time.now += 10_000;
    await guardDeletion(guard, event(request, 3));
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(kinds()[0]).toContain("key-restored");
    expect(logged).toContainEqual({
      code: "KEY_HIDDEN",
      fields: { keyArn: keyArn(), why: "unavailable", code: "CONTROL_PLANE_UNAVAILABLE" },
    });
  });

  it("gets an intent of its own for each deletion on record, while no answer of RestoreKey comes", async () => {
    const lost = async () => await Promise.reject(new GuardError("CONTROL_PLANE_UNAVAILABLE", "retry", "lost"));
    const { keys, port } = failing(createKeyWorld(), { restore: lost });
    const { guard, kinds, time } = createTestGuard(keys, t0 + 1000, { keys: port });
    await expect(guardDeletion(guard, event())).rejects.toMatchObject(unanswered);
    time.now += 3_600_000;
    for (const deliveries of [2, 3])
      await expect(guardDeletion(guard, event(deletionRequest(), deliveries))).rejects.toMatchObject(unanswered);
    const count = () => kinds()[0]?.filter((kind) => kind === "restore-intended").length;
    expect(count()).toBe(1);
    const later = deletionRequest({ eventId: "11111111-1111-4111-8111-111111111111", at: t0 + 3_600_000 });
    for (const deliveries of [1, 2])
      await expect(guardDeletion(guard, event(later, deliveries))).rejects.toMatchObject(unanswered);
    expect(count()).toBe(2);
    expect(kinds()[0]?.indexOf("decided")).toBeLessThan(kinds()[0]?.indexOf("restore-intended") ?? 0);
    expect(kinds()[0]?.lastIndexOf("decided")).toBeLessThan(kinds()[0]?.lastIndexOf("restore-intended") ?? 0);
  });

  it.each(policies)("is restored by the sweep, the event lost, where the policy %s", async (_, policy) => {
    const { keys, port } = failing();
    const test = createTestSweep(keys, t0 + 1000, { keys: port, policy });
    expect(await sweepToTheEnd(test, keys)).toBe(5);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("stays pending as the policy allows where GetKey fails only for a while", async () => {
    const { keys, port } = failing();
    const test = createTestGuard(keys, t0 + 1000, { policy: policyWith([allowReaper]) });
    const request = deletionRequest({ requester: reaper });
    await expect(guardDeletion({ ...test.guard, keys: port }, event(request))).rejects.toMatchObject(unanswered);
    test.time.now += 30 * 60_000;
    await guardDeletion(test.guard, event(request, 2));
    expect([keys.state, test.kinds()[0]?.at(-1)]).toEqual(["DELETE_PENDING", "deletion-allowed"]);
  });

  it("is not restored after its time where its deletion is allowed", async () => {
    const { keys, port } = failing();
    const test = createTestGuard(keys, t0 + 1000, { policy: policyWith([allowReaper]) });
    const request = deletionRequest({ requester: reaper });
    await guardDeletion(test.guard, event(request));
    test.time.now = keys.deletePendingAt + 1000;
    await expect(guardDeletion({ ...test.guard, keys: port }, event(request, 2))).rejects.toMatchObject(unanswered);
    expect(keys.calls).not.toContain("RestoreKey");
  });

  it("is left alone on a hint that does not say that it is pending", async () => {
    const { keys, port } = failing();
    const { guard } = createTestGuard(keys, t0 + 1000, { keys: port });
    const run = guardDeletion(guard, { source: "service-event", keyArn: keyArn(), deliveries: 1 });
    await expect(run).rejects.toMatchObject(unanswered);
    expect(keys.calls).not.toContain("RestoreKey");
  });

  it("is gone where RestoreKey does not find it", async () => {
    const restore = async () => ({ kind: "refused", code: "ResourceNotFoundException" }) as const;
    const { keys, port } = failing(createKeyWorld(), { restore });
    const { guard, kinds, time } = createTestGuard(keys, t0 + 1000, { keys: port });
    await expect(guardDeletion(guard, event())).rejects.toMatchObject(unanswered);
    time.now = t0 + 200 * 86_400_000;
    await guardDeletion(guard, event(deletionRequest(), 2));
    expect(kinds()[0]?.at(-1)).toBe("key-destroyed");
  });

  it("stays as it is during a pause that leaves time, by the time on record", async () => {
    const keys = createKeyWorld();
    const policy = policyWith([], { mode: "observe" });
    const test = createTestGuard(keys, t0 + 1000, { policy });
    await guardDeletion(test.guard, event());
    const [chain] = test.cases.chains();
    const state = chain && caseOf(chain);
    const paused = (now: number) => {
      const guard = { ...test.guard, policy: policyWith(), clock: () => now };
      const seen = { kind: "undated", arn: keyArn(), why: "unavailable" } as const;
      return underPause(guard, 1, seen, state).policy.mode;
    };
    expect(paused(keys.deletePendingAt - 86_400_001)).toBe("observe");
    expect(paused(keys.deletePendingAt - 86_400_000)).toBe("enforce");
  });
});

describe("a pending key without a time", () => {
  const undated = (keys = createKeyWorld()): PaymentKeys => ({
    ...keys,
    observe: async (identifier) => {
      const seen = await keys.observe(identifier);
      return seen.kind === "pending" ? { kind: "undated", arn: keyArn(), why: "no-time", key: seen.key } : seen;
    },
  });

  it.each([
    ["its event", true],
    ["a sweep", false],
  ])("is restored on %s", async (_, byEvent) => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + 1000, { keys: undated(keys), policy: asking({ meanwhile: "pending" }) });
    await (byEvent ? guardDeletion(test.guard, event()) : test.run());
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(test.kinds()[0]?.at(-1)).toBe("approval-requested");
  });
});

describe("tags that cannot be read, the event lost", () => {
  const rule = {
    id: "test-keys",
    when: { key: { tags: { Environment: ["dev"] } }, ...allowReaper.when },
    then: "allow",
  };

  it.each([
    ["allowed to the requester otherwise", reaper],
    ["forbidden to the requester", undefined],
  ])("keep no case from being opened, nor the key from being restored: %s", async (_, requester) => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + 5000, { policy: policyWith([rule]), keys: { ...keys, tags: denied } });
    test.inHistory.latest = deletionRequest(requester && { requester });
    await test.run();
    expect(test.kinds()[0]?.[0]).toBe("deletion-detected");
    expect(await sweepToTheEnd(test, keys)).toBeLessThanOrEqual(2);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });
});
