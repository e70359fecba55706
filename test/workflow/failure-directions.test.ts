import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { Trigger } from "../../lib/workflows/guard/run.ts";
import type { CaseStore, PaymentKeys } from "../../lib/workflows/ports/guard.ts";
import { allowReaper, createTestGuard, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, keyArn, paymentKey, reaper, t0 } from "../doubles/key-world.ts";

const event = (deliveries = 1, overrides: Parameters<typeof deletionRequest>[0] = {}): Trigger => ({
  source: "event",
  request: deletionRequest(overrides),
  deliveries,
});
const down = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
const unreadable = async () => await Promise.reject(new GuardError("CASE_UNREADABLE", "retry", "damaged"));
const storeDown: Partial<CaseStore> = { history: down, save: down, markPublished: down };
const stoppedByDeletion = paymentKey({ enabled: false, usageStoppedAt: t0 });

describe("with the store out of reach, toward the key's life", () => {
  it.each<[string, Partial<CaseStore>]>([
    ["nothing can be read or written", storeDown],
    ["cases can be read, but not written", { save: down }],
    ["the case cannot be trusted", { history: unreadable }],
  ])("when %s, the key is restored first and the run fails loudly", async (_, faults) => {
    const keys = createKeyWorld({ key: stoppedByDeletion });
    const { guard, cases, bus, logged } = createTestGuard(keys, t0 + 2000);
    const run = guardDeletion({ ...guard, cases: { ...cases, ...faults } }, event());
    await expect(run).rejects.toMatchObject({ disposition: "retry" });
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(keys.key.enabled).toBe(true);
    expect(bus.unrecorded[0]).toBe("deletion-detected decided restore-intended");
    expect(cases.items.size).toBe(0);
    expect(logged.map(({ code }) => code)).toContain("ACTING_WITHOUT_RECORD");
  });

  it.each<[string, Trigger, number, object]>([
    ["names the key by an alias only", event(1, { target: { kind: "alias", alias: "alias/x" } }), t0 + 2000, {}],
    ["is older than an hour", event(), t0 + 3_600_001, {}],
    ["comes when the key's time has passed", event(1, { at: t0 + 3 * day - 1000 }), t0 + 3 * day, {}],
    ["is of a key that lives", event(), t0 + 2000, { state: "CREATE_COMPLETE" }],
    ["is another deletion's", event(1, { at: t0 + 3 * day - 1000 }), t0 + 3 * day - 500, {}],
  ])("a record that %s is no ground to act on", async (_, trigger, now, overrides) => {
    const keys = createKeyWorld(overrides);
    const { guard, cases, bus } = createTestGuard(keys, now);
    const run = guardDeletion({ ...guard, cases: { ...cases, ...storeDown } }, trigger);
    await expect(run).rejects.toMatchObject({ disposition: "retry" });
    expect(keys.calls.filter((call) => call !== "GetKey")).toEqual([]);
    expect(bus.unrecorded).toEqual([]);
  });

  it("a policy that observes restores nothing", async () => {
    const keys = createKeyWorld();
    const { guard, cases } = createTestGuard(keys, t0 + 2000, { policy: policyWith([], { mode: "observe" }) });
    await expect(guardDeletion({ ...guard, cases: { ...cases, ...storeDown } }, event())).rejects.toThrow(GuardError);
    expect(keys.state).toBe("DELETE_PENDING");
  });

  it("a record of just an hour is fresh enough", async () => {
    const keys = createKeyWorld();
    const { guard, cases } = createTestGuard(keys, t0 + 3_600_000);
    await expect(guardDeletion({ ...guard, cases: { ...cases, ...storeDown } }, event())).rejects.toThrow(GuardError);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("the retry completes the record, and restores nothing twice", async () => {
    const keys = createKeyWorld({ key: stoppedByDeletion });
    const { guard, cases, kinds } = createTestGuard(keys, t0 + 2000);
    const faulty = { ...guard, cases: { ...cases, ...storeDown } };
    for (const deliveries of [1, 2, 3])
      await expect(guardDeletion(faulty, event(deliveries))).rejects.toThrow(GuardError);
    await guardDeletion(guard, event(4));
    expect(keys.calls.filter((call) => call === "RestoreKey")).toHaveLength(1);
    expect(kinds()).toEqual([["deletion-detected", "decided", "key-restored", "key-usable"]]);
    expect(cases.chains()[0]?.entries[2]).toMatchObject({ kind: "key-restored", how: "unrecorded" });
  });

  it("a bus that fails too does not stand in the way", async () => {
    const keys = createKeyWorld();
    const { guard, cases, logged } = createTestGuard(keys, t0);
    const busDown = async () => await Promise.reject(new GuardError("BUS_UNAVAILABLE", "retry", "down"));
    const faulty = {
      ...guard,
      cases: { ...cases, ...storeDown },
      bus: { publish: busDown, announceUnrecorded: busDown },
    };
    await expect(guardDeletion(faulty, event())).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(logged).toContainEqual({
      code: "UNRECORDED_ANNOUNCEMENT_FAILED",
      fields: { keyArn: keyArn(), code: "BUS_UNAVAILABLE" },
    });
  });

  it("an inventory that is down with it keeps no key disabled that its deletion stopped", async () => {
    const keys = createKeyWorld({ key: stoppedByDeletion });
    const { guard, cases } = createTestGuard(keys, t0 + 2000, { inventory: { lastSeen: down, labelsSeen: down } });
    const run = guardDeletion({ ...guard, cases: { ...cases, ...storeDown } }, event());
    await expect(run).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(keys.calls.filter((call) => call !== "GetKey")).toEqual(["RestoreKey", "StartKeyUsage"]);
    expect(keys.key.enabled).toBe(true);
  });

  it("a store that fails between restore and start does not leave the key disabled", async () => {
    const keys = createKeyWorld({ key: stoppedByDeletion });
    const { guard, cases } = createTestGuard(keys, t0);
    let saves = 0;
    const save: CaseStore["save"] = async (change) => {
      saves += 1;
      return saves === 1 ? await cases.save(change) : await down();
    };
    await expect(guardDeletion({ ...guard, cases: { ...cases, save } }, event())).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
    });
    expect(keys.key.enabled).toBe(true);
    expect(keys.calls.filter((call) => call === "RestoreKey")).toHaveLength(1);
  });
});

describe("with the store out of reach, nothing is restored", () => {
  const cannotRead = async (
    keys: ReturnType<typeof createKeyWorld>,
    trigger: Trigger,
    overrides: object = {},
    at = t0,
  ) => {
    const { guard, cases } = createTestGuard(keys, at, overrides);
    const run = guardDeletion({ ...guard, cases: { ...cases, ...storeDown } }, trigger);
    await expect(run).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(keys.calls).not.toContain("RestoreKey");
    expect(keys.calls).not.toContain("StartKeyUsage");
  };

  it("that the policy allows to die", async () =>
    await cannotRead(createKeyWorld(), event(1, { requester: reaper }), { policy: policyWith([allowReaper]) }));

  it("in observe mode", async () =>
    await cannotRead(createKeyWorld(), event(), { policy: policyWith([], { mode: "observe" }) }));

  it("on a hint that is no deletion event", async () =>
    await cannotRead(createKeyWorld(), { source: "service-event", keyArn: keyArn(), deliveries: 1 }));

  it("on the event of another deletion", async () =>
    await cannotRead(createKeyWorld(), event(1, { at: t0 - 30 * day })));

  it("on an event more than an hour old", async () => await cannotRead(createKeyWorld(), event(), {}, t0 + 3_600_001));

  it("when the time has passed", async () =>
    await cannotRead(createKeyWorld({ deletePendingAt: t0 + 1000 }), event(1), {}, t0 + 1000));

  it("on a record that holds only an alias", async () =>
    await cannotRead(createKeyWorld(), event(1, { target: { kind: "alias", alias: "alias/a" } })));

  it("when the key is live already, no matter who disabled it", async () =>
    await cannotRead(createKeyWorld({ state: "CREATE_COMPLETE", key: stoppedByDeletion }), event()));
});

describe("an effect that fails", () => {
  const failing = (
    keys: ReturnType<typeof createKeyWorld>,
    effect: "restore" | "startUsage",
    call: PaymentKeys["restore"],
  ) => ({
    ...keys,
    [effect]: async (arn: Parameters<typeof call>[0]) => {
      keys.calls.push(effect === "restore" ? "RestoreKey" : "StartKeyUsage");
      return await call(arn);
    },
  });
  const unavailable: PaymentKeys["restore"] = async () =>
    await Promise.reject(new GuardError("CONTROL_PLANE_UNAVAILABLE", "retry", "throttled"));
  const refused: PaymentKeys["restore"] = async () => ({ kind: "refused", code: "ConflictException" });

  it("is on record at the first, second, fourth and eighth failure", async () => {
    const keys = createKeyWorld();
    const { guard, cases } = createTestGuard(keys, t0);
    const faulty = { ...guard, keys: failing(keys, "restore", unavailable) };
    for (let n = 1; n <= 9; n++)
      await expect(guardDeletion(faulty, event(n))).rejects.toMatchObject({ code: "CONTROL_PLANE_UNAVAILABLE" });
    const failures = cases.chains()[0]?.entries.filter(({ kind }) => kind === "effect-failed");
    expect(failures?.map((entry) => "attempt" in entry && entry.attempt)).toEqual([1, 2, 4, 8]);
    await guardDeletion(guard, event(10));
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(cases.chains()[0]?.entries.filter(({ kind }) => kind === "restore-intended")).toHaveLength(1);
  });

  it("and is refused while the key is still pending, is retried with the service's own code on record", async () => {
    const keys = createKeyWorld();
    const { guard, cases } = createTestGuard(keys, t0);
    await expect(guardDeletion({ ...guard, keys: failing(keys, "restore", refused) }, event())).rejects.toMatchObject({
      code: "CONTROL_PLANE_REFUSED",
      disposition: "retry",
    });
    expect(cases.chains()[0]?.entries.at(-1)).toMatchObject({ kind: "effect-failed", code: "ConflictException" });
    expect(keys.calls).toEqual(["GetKey", "RestoreKey", "GetKey"]);
  });

  it("because someone was faster, is classified by what GetKey says", async () => {
    const keys = createKeyWorld();
    const faster: PaymentKeys["restore"] = async () => {
      keys.state = "CREATE_COMPLETE";
      return { kind: "refused", code: "ValidationException" };
    };
    const { guard, cases } = createTestGuard(keys, t0);
    await guardDeletion({ ...guard, keys: failing(keys, "restore", faster) }, event());
    expect(cases.chains()[0]?.entries.slice(3)).toMatchObject([
      { kind: "key-restored", how: "found" },
      { kind: "key-usable" },
    ]);
  });

  it("because the key is gone, ends the case", async () => {
    const keys = createKeyWorld({ deletePendingAt: t0 });
    const gone: PaymentKeys["restore"] = async () => {
      keys.state = "DELETE_COMPLETE";
      return { kind: "refused", code: "ResourceNotFoundException" };
    };
    const { guard, cases } = createTestGuard(keys, t0 + 3 * day);
    await guardDeletion({ ...guard, keys: failing(keys, "restore", gone) }, event());
    expect(cases.chains()[0]?.entries.at(-1)).toMatchObject({ kind: "key-destroyed", how: "delete-complete" });
  });

  it("with an answer that changed nothing, counts as failed", async () => {
    const keys = createKeyWorld({ key: stoppedByDeletion });
    const idle: PaymentKeys["restore"] = async () => ({ kind: "done", observation: { kind: "live", key: keys.key } });
    const { guard, cases } = createTestGuard(keys, t0);
    await expect(guardDeletion({ ...guard, keys: failing(keys, "startUsage", idle) }, event())).rejects.toMatchObject({
      code: "CONTROL_PLANE_REFUSED",
    });
    expect(cases.chains()[0]?.entries.at(-1)).toMatchObject({ effect: "start-usage", code: "NO_EFFECT" });
  });

  it("and starts key usage no more after eight times, ends with a person to ask", async () => {
    const keys = createKeyWorld({ key: stoppedByDeletion });
    const { guard, cases } = createTestGuard(keys, t0);
    const faulty = { ...guard, keys: failing(keys, "startUsage", refused) };
    for (let n = 1; n <= 7; n++)
      await expect(guardDeletion(faulty, event(n))).rejects.toMatchObject({ code: "CONTROL_PLANE_REFUSED" });
    await guardDeletion(faulty, event(8));
    expect(keys.calls.filter((call) => call === "StartKeyUsage")).toHaveLength(8);
    expect(cases.chains()[0]?.entries.at(-1)).toMatchObject({ kind: "key-left-disabled", why: "start-failed" });
    expect([...cases.items.values()][0]?.status).toBe("closed");
  });
});

describe("two runs at once", () => {
  it("act once: the second finds the case claimed and comes back", async () => {
    const keys = createKeyWorld();
    const { guard, kinds, time } = createTestGuard(keys, t0);
    const answers = await Promise.allSettled([guardDeletion(guard, event()), guardDeletion(guard, event())]);
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const [refusal] = answers.filter((answer) => answer.status === "rejected");
    expect(refusal?.reason).toMatchObject({ code: "CASE_CLAIMED", disposition: "retry" });
    time.now += 5000;
    await guardDeletion(guard, event(2));
    expect(keys.calls.filter((call) => call === "RestoreKey")).toHaveLength(1);
    expect(kinds()).toHaveLength(1);
  });

  it("a claim that ran out is taken over", async () => {
    const keys = createKeyWorld();
    const { guard, time } = createTestGuard(keys, t0);
    const crash = { ...keys, restore: () => new Promise<never>(() => {}) };
    void guardDeletion({ ...guard, keys: crash }, event());
    await new Promise((resolve) => setImmediate(resolve));
    time.now += 39_999;
    await expect(guardDeletion(guard, event(2))).rejects.toMatchObject({ code: "CASE_CLAIMED" });
    time.now += 1;
    await guardDeletion(guard, event(3));
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("that meet again and again end with CASE_CHANGED", async () => {
    const { guard, cases } = createTestGuard(createKeyWorld(), t0);
    const busy = { ...guard, cases: { ...cases, save: async () => "conflict" as const } };
    await expect(guardDeletion(busy, event())).rejects.toMatchObject({ code: "CASE_CHANGED", disposition: "retry" });
  });
});

describe("what the bus is sent", () => {
  it("is repeated from the cursor after a failure, in order, and nothing is lost", async () => {
    const keys = createKeyWorld();
    const { guard, bus } = createTestGuard(keys, t0);
    const busDown = async () => await Promise.reject(new GuardError("BUS_UNAVAILABLE", "retry", "down"));
    await expect(guardDeletion({ ...guard, bus: { ...bus, publish: busDown } }, event())).rejects.toMatchObject({
      code: "BUS_UNAVAILABLE",
    });
    expect(bus.published).toEqual([]);
    await guardDeletion(guard, event(2));
    expect(bus.published.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });
});
