import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
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
    const told = ["deletion-detected", "decided", "restore-intended", "effect-failed"];
    expect(kinds()[0]?.slice(0, 4)).toEqual(told);
    expect(bus.published.slice(0, 4).map(({ kind }) => kind)).toEqual(told);
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
