import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { Trigger } from "../../lib/workflows/guard/run.ts";
import { allowReaper, createTestGuard, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, keyArn, paymentKey, reaper, t0 } from "../doubles/key-world.ts";

const event = (overrides: Parameters<typeof deletionRequest>[0] = {}, deliveries = 1): Trigger => ({
  source: "event",
  request: deletionRequest(overrides),
  deliveries,
});
const hint = (deliveries = 1): Trigger => ({ source: "service-event", keyArn: keyArn(), deliveries });
const secondId = "11111111-1111-4111-8111-111111111111";
const policy = policyWith([allowReaper]);
const stoppedByDeletion = paymentKey({ enabled: false, usageStoppedAt: t0 });

describe("a pending key whose requester matters and is not known", () => {
  it("is waited for a quarter of an hour, and then restored: an unknown requester allows nothing", async () => {
    const keys = createKeyWorld();
    const { guard, time, kinds } = createTestGuard(keys, t0, { policy });
    for (const ms of [0, 5_000, 899_999]) {
      time.now = t0 + ms;
      await expect(guardDeletion(guard, hint())).rejects.toMatchObject({
        code: "REQUESTER_AWAITED",
        disposition: "retry",
      });
    }
    expect(keys.state).toBe("DELETE_PENDING");
    time.now = t0 + 900_000;
    await guardDeletion(guard, hint(7));
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(kinds()).toEqual([["deletion-detected", "decided", "restore-intended", "key-restored", "key-usable"]]);
  });

  it("is decided upon at once when the record comes meanwhile", async () => {
    const keys = createKeyWorld();
    const { guard, kinds } = createTestGuard(keys, t0, { policy });
    await expect(guardDeletion(guard, hint())).rejects.toMatchObject({ code: "REQUESTER_AWAITED" });
    await guardDeletion(guard, event({ requester: reaper }));
    await guardDeletion(guard, hint(2));
    expect(keys.state).toBe("DELETE_PENDING");
    expect(kinds()).toEqual([["deletion-detected", "requester-learned", "decided", "deletion-allowed"]]);
  });
});

describe("a record that comes after the case has ended", () => {
  it("brings the evidence that was lacking, and the key is started after all", async () => {
    const keys = createKeyWorld({ key: stoppedByDeletion });
    const { guard, kinds, cases } = createTestGuard(keys, t0);
    await guardDeletion(guard, hint());
    expect(keys.key.enabled).toBe(false);
    await guardDeletion(guard, event());
    expect(keys.key.enabled).toBe(true);
    expect(kinds()[0]?.slice(3)).toEqual([
      "key-restored",
      "key-left-disabled",
      "requester-learned",
      "usage-start-intended",
      "key-usable",
    ]);
    expect([...cases.items.values()][0]?.status).toBe("closed");
  });

  it("leaves a key alone that someone has stopped since", async () => {
    const keys = createKeyWorld({ key: stoppedByDeletion });
    const { guard, cases } = createTestGuard(keys, t0);
    await guardDeletion(guard, hint());
    keys.key = { ...keys.key, usageStoppedAt: t0 + 1 };
    await guardDeletion(guard, event());
    expect(keys.key.enabled).toBe(false);
    expect(cases.chains()[0]?.entries.at(-1)).toMatchObject({ kind: "key-left-disabled", why: "usage-changed-since" });
  });
});

describe("a record of an earlier call", () => {
  it("does not overrule the one that led to the pending deletion", async () => {
    const keys = createKeyWorld();
    const { guard, cases } = createTestGuard(keys, t0, { policy });
    await guardDeletion(guard, event({ requester: reaper }));
    await guardDeletion(guard, event({ eventId: secondId, at: t0 - 20 * 3_600_000 }));
    expect(keys.state).toBe("DELETE_PENDING");
    expect(cases.chains()[0]?.entries.at(-1)).toMatchObject({
      kind: "deletion-detected",
      source: "unattributed-event",
    });
  });
});

describe("labels that cannot be read", () => {
  it("do not cost the key its life: after two tries it is decided without them", async () => {
    const keys = createKeyWorld();
    const denied = async () => await Promise.reject(new GuardError("ACCESS_DENIED", "retry", "no"));
    const byTag = {
      id: "by-tag",
      when: { key: { tags: { Environment: "test" } }, ...allowReaper.when },
      then: "allow",
    };
    const { guard, cases } = createTestGuard(keys, t0, { policy: policyWith([byTag]) });
    const denying = { ...guard, keys: { ...keys, tags: denied } };
    for (const deliveries of [1, 2])
      await expect(guardDeletion(denying, event({ requester: reaper }, deliveries))).rejects.toMatchObject({
        code: "ACCESS_DENIED",
      });
    await guardDeletion(denying, event({ requester: reaper }, 3));
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(cases.chains()[0]?.entries[1]).toMatchObject({ kind: "decided", unreadable: ["tags"] });
  });
});

describe("a decision after a second deletion within the same case", () => {
  it("is the strictest by the policy in force", async () => {
    const keys = createKeyWorld();
    const unreachable = async () => await Promise.reject(new GuardError("CONTROL_PLANE_UNAVAILABLE", "retry", "down"));
    const { guard, cases } = createTestGuard(keys, t0);
    await expect(guardDeletion({ ...guard, keys: { ...keys, restore: unreachable } }, event())).rejects.toThrow(
      GuardError,
    );
    const newer = { ...policy, hash: "e".repeat(64) };
    await guardDeletion({ ...guard, policy: newer }, event({ eventId: secondId, requester: reaper }));
    const decisions = cases.chains()[0]?.entries.filter(({ kind }) => kind === "decided");
    expect(decisions).toMatchObject([
      { rule: "default", policyHash: "f".repeat(64), seq: 2 },
      { rule: "default", policyHash: "e".repeat(64) },
    ]);
  });
});

describe("the last entry of a case that gave way to the next", () => {
  it("is published by the retry, though the bus failed the first time", async () => {
    const keys = createKeyWorld();
    const { guard, bus } = createTestGuard(keys, t0, { policy });
    await guardDeletion(guard, event({ requester: reaper }));
    keys.deletePendingAt += day / 24;
    const again = event({ eventId: secondId, at: t0 + 3_600_000 });
    const busDown = async () => await Promise.reject(new GuardError("BUS_UNAVAILABLE", "retry", "down"));
    await expect(guardDeletion({ ...guard, bus: { ...bus, publish: busDown } }, again)).rejects.toMatchObject({
      code: "BUS_UNAVAILABLE",
    });
    await guardDeletion(guard, { ...again, deliveries: 2 } as Trigger);
    const told = bus.published.map(({ generation, kind }) => `${generation} ${kind}`);
    expect(told).toContain("1 deletion-superseded");
    expect(told.filter((line) => line.startsWith("2 "))).toHaveLength(5);
  });
});

describe("a retry that finds the key live", () => {
  it("more than an hour after the deletion does not take the restore for its own", async () => {
    const keys = createKeyWorld({ state: "CREATE_COMPLETE", key: stoppedByDeletion });
    const { guard, kinds } = createTestGuard(keys, t0 + 3_600_001);
    await guardDeletion(guard, event({}, 9));
    expect(keys.calls).toEqual(["GetKey"]);
    expect(kinds()).toEqual([["deletion-detected", "restored-by-others"]]);
  });
});
