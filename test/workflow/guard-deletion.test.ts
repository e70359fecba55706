import { describe, expect, it } from "vitest";
import type { DeletionTarget } from "../../lib/domain/deletion/request.ts";
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
const secondEvent = (overrides: Parameters<typeof deletionRequest>[0] = {}) =>
  event({ eventId: "11111111-1111-4111-8111-111111111111", ...overrides });
const serviceEvent: Trigger = { source: "service-event", keyArn: keyArn(), deliveries: 1 };
const stoppedByDeletion = paymentKey({ enabled: false, usageStoppedAt: t0 });
const restoredAndUsable = ["deletion-detected", "decided", "restore-intended", "key-restored", "key-usable"];

describe("a deletion that no rule allows", () => {
  it("is undone with two calls, and the key works", async () => {
    const keys = createKeyWorld();
    const { guard, kinds, cases } = createTestGuard(keys, t0 + 2000);
    await guardDeletion(guard, event());
    expect(keys.calls).toEqual(["GetKey", "RestoreKey"]);
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(kinds()).toEqual([restoredAndUsable]);
    expect(cases.chains()[0]?.entries.at(-1)).toMatchObject({ kind: "key-usable", how: "found" });
  });

  it("sends RestoreKey after two round trips: key and history together, then the intent", async () => {
    const trips: string[] = [];
    const keys = createKeyWorld();
    const { guard, cases } = createTestGuard(keys, t0);
    const timed =
      <Args extends unknown[], Answer>(name: string, call: (...args: Args) => Promise<Answer>) =>
      async (...args: Args) => {
        trips.push(`${name} sent`);
        await new Promise((resolve) => setImmediate(resolve));
        trips.push(`${name} answered`);
        return await call(...args);
      };
    const ports = {
      ...guard,
      keys: { ...keys, observe: timed("GetKey", keys.observe), restore: timed("RestoreKey", keys.restore) },
      cases: { ...cases, history: timed("history", cases.history), save: timed("save", cases.save) },
    };
    await guardDeletion(ports, event());
    expect(trips.slice(0, 7)).toEqual([
      "GetKey sent",
      "history sent",
      "GetKey answered",
      "history answered",
      "save sent",
      "save answered",
      "RestoreKey sent",
    ]);
  });

  it("starts key usage where the deletion had stopped it, with one call more", async () => {
    const keys = createKeyWorld({ key: stoppedByDeletion });
    const { guard, kinds, cases } = createTestGuard(keys, t0 + 2000);
    await guardDeletion(guard, event());
    expect(keys.calls).toEqual(["GetKey", "RestoreKey", "StartKeyUsage"]);
    expect(keys.key.enabled).toBe(true);
    expect(cases.chains()[0]?.entries.at(-1)).toMatchObject({ kind: "key-usable", how: "answered" });
    expect(kinds()).toEqual([
      ["deletion-detected", "decided", "restore-intended", "key-restored", "usage-start-intended", "key-usable"],
    ]);
  });

  it("leaves a key disabled that was stopped before, and says why", async () => {
    const keys = createKeyWorld({ key: paymentKey({ enabled: false, usageStoppedAt: t0 - day }) });
    const { guard, cases } = createTestGuard(keys, t0 + 2000);
    await guardDeletion(guard, event());
    expect(keys.calls).toEqual(["GetKey", "RestoreKey"]);
    expect(cases.chains()[0]?.entries.at(-1)).toMatchObject({
      kind: "key-left-disabled",
      why: "stopped-before-deletion",
    });
  });

  it("leaves a key disabled where the rule says so", async () => {
    const keys = createKeyWorld({ key: stoppedByDeletion });
    const compromised = {
      id: "compromised",
      when: { key: { arn: keyArn() } },
      then: "restore",
      usage: "leave-disabled",
    };
    const { guard, cases } = createTestGuard(keys, t0 + 2000, { policy: policyWith([compromised]) });
    await guardDeletion(guard, event());
    expect(keys.calls).toEqual(["GetKey", "RestoreKey"]);
    expect(cases.chains()[0]?.entries.at(-1)).toMatchObject({ kind: "key-left-disabled", why: "rule" });
  });

  it("records who deleted what, by which rule of which policy, and how long the key was unusable", async () => {
    const { guard, cases } = createTestGuard(createKeyWorld(), t0 + 2000);
    await guardDeletion(guard, event());
    const [detected, decided, , restored, usable] = cases.chains()[0]?.entries ?? [];
    expect(detected).toMatchObject({
      case: { keyArn: keyArn(), generation: 1 },
      deletePendingAt: t0 + 3 * day,
      request: { requester: { sessionName: "alice@example.com" }, sourceIp: "203.0.113.64" },
      key: { kcv: "A486ED", usage: "TR31_C0_CARD_VERIFICATION_KEY" },
      guardVersion: "0.1.0",
    });
    expect(decided).toMatchObject({
      rule: "default",
      mode: "enforce",
      policyHash: "f".repeat(64),
      withRequester: true,
    });
    expect(restored).toMatchObject({ how: "answered", restoredAfterMs: 2000 });
    expect(usable).toMatchObject({ timeToUsableMs: 2000 });
  });

  it("reads tags and aliases only for rules that could still match", async () => {
    const byTag = {
      id: "by-tag",
      when: {
        key: { tags: { Environment: "test" }, alias: "alias/test/*", usage: "TR31_C0_CARD_VERIFICATION_KEY" },
        requester: { role: "arn:aws:iam::111122223333:role/ci/key-reaper" },
      },
      then: "allow",
    };
    const policy = policyWith([byTag]);
    const notReaper = createKeyWorld();
    await guardDeletion(createTestGuard(notReaper, t0, { policy }).guard, event());
    expect(notReaper.calls).toEqual(["GetKey", "RestoreKey"]);

    const mayMatch = createKeyWorld({
      tagsOfKey: { Environment: "test" },
      aliasesOfKey: ["alias/test/a", "alias/pin"],
    });
    await guardDeletion(createTestGuard(mayMatch, t0, { policy }).guard, event({ requester: reaper }));
    expect([...mayMatch.calls].sort()).toEqual(["GetKey", "ListAliases", "ListTagsForResource", "RestoreKey"]);
  });
});

describe("a deletion that a rule allows", () => {
  it("passes with a single call, and is followed to its end", async () => {
    const keys = createKeyWorld();
    const { guard, kinds, time } = createTestGuard(keys, t0, { policy: policyWith([allowReaper]) });
    await guardDeletion(guard, event({ requester: reaper }));
    expect(keys.calls).toEqual(["GetKey"]);
    expect(kinds()).toEqual([["deletion-detected", "decided", "deletion-allowed"]]);
    keys.state = "DELETE_COMPLETE";
    time.now = t0 + 3 * day;
    await guardDeletion(guard, serviceEvent);
    expect(kinds()).toEqual([["deletion-detected", "decided", "deletion-allowed", "key-destroyed"]]);
  });

  it("is decided again when it is deleted again, and the stricter outcome holds", async () => {
    const keys = createKeyWorld();
    const { guard, kinds } = createTestGuard(keys, t0, { policy: policyWith([allowReaper]) });
    await guardDeletion(guard, event({ requester: reaper }));
    await guardDeletion(guard, secondEvent());
    expect(kinds()).toEqual([
      [
        "deletion-detected",
        "decided",
        "deletion-allowed",
        "deletion-detected",
        "decided",
        "restore-intended",
        "key-restored",
        "key-usable",
      ],
    ]);
  });

  it("does not become allowed when the allowlisted requester comes second", async () => {
    const keys = createKeyWorld();
    const unreachable = {
      ...keys,
      restore: async () => await Promise.reject(new GuardError("CONTROL_PLANE_UNAVAILABLE", "retry", "down")),
    };
    const { guard, cases } = createTestGuard(keys, t0, { policy: policyWith([allowReaper]) });
    await expect(guardDeletion({ ...guard, keys: unreachable }, event())).rejects.toMatchObject({
      code: "CONTROL_PLANE_UNAVAILABLE",
    });
    await guardDeletion(guard, secondEvent({ requester: reaper }));
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(cases.chains()[0]?.entries.filter(({ kind }) => kind === "deletion-allowed")).toEqual([]);
  });

  it("gives way to the next case when the key was restored and deleted again with another time", async () => {
    const keys = createKeyWorld();
    const { guard, kinds } = createTestGuard(keys, t0, { policy: policyWith([allowReaper]) });
    await guardDeletion(guard, event({ requester: reaper }));
    keys.deletePendingAt += 60_000;
    await guardDeletion(guard, secondEvent({ at: t0 + 60_000 }));
    expect(kinds()).toEqual([
      ["deletion-detected", "decided", "deletion-allowed", "deletion-superseded"],
      restoredAndUsable,
    ]);
  });

  it("does not cover a newer deletion when its event is replayed", async () => {
    const keys = createKeyWorld();
    const { guard, kinds } = createTestGuard(keys, t0, { policy: policyWith([allowReaper]) });
    await guardDeletion(guard, event({ requester: reaper }));
    keys.deletePendingAt += 60_000;
    const replay = guardDeletion(guard, event({ requester: reaper, replayName: "replay-of-yesterday" }));
    await expect(replay).rejects.toMatchObject({ code: "REQUESTER_AWAITED", disposition: "retry" });
    expect(kinds()).toEqual([
      ["deletion-detected", "decided", "deletion-allowed", "deletion-superseded"],
      ["deletion-detected"],
    ]);
    await guardDeletion(guard, secondEvent({ at: t0 + 60_000 }));
    expect(kinds()[1]).toEqual([
      "deletion-detected",
      "requester-learned",
      "decided",
      "restore-intended",
      "key-restored",
      "key-usable",
    ]);
  });
});

describe("events that come late, twice or not alone", () => {
  it.each([2, 3, 7])("the same event %i times makes the same entries and one restore", async (times) => {
    const keys = createKeyWorld();
    const { guard, kinds, bus } = createTestGuard(keys, t0);
    for (let n = 0; n < times; n++) await guardDeletion(guard, event());
    expect(kinds()).toEqual([restoredAndUsable]);
    expect(keys.calls.filter((call) => call === "RestoreKey")).toHaveLength(1);
    expect(bus.published.map(({ kind }) => kind)).toEqual(restoredAndUsable);
  });

  it("an event for a key restored by hand gets a closed case of its own", async () => {
    const keys = createKeyWorld({ state: "CREATE_COMPLETE" });
    const { guard, kinds, cases } = createTestGuard(keys, t0);
    await guardDeletion(guard, event());
    expect(keys.calls).toEqual(["GetKey"]);
    expect(kinds()).toEqual([["deletion-detected", "restored-by-others"]]);
    expect([...cases.items.values()][0]?.status).toBe("closed");
  });

  it.each([
    ["DELETE_COMPLETE", "delete-complete"],
    ["GONE", "not-found"],
  ])("an event for a key in %s records its end", async (state, how) => {
    const { guard, cases } = createTestGuard(createKeyWorld({ state }), t0 + 3 * day);
    await guardDeletion(guard, event());
    expect(cases.chains()[0]?.entries.map(({ kind }) => kind)).toEqual(["deletion-detected", "key-destroyed"]);
    expect(cases.chains()[0]?.entries[1]).toMatchObject({ how });
  });

  it("an event older than the pending deletion decides nothing, but is kept", async () => {
    const keys = createKeyWorld();
    const { guard, cases } = createTestGuard(keys, t0, { policy: policyWith([allowReaper]) });
    const older = guardDeletion(guard, event({ requester: reaper, at: t0 - 30 * day }));
    await expect(older).rejects.toMatchObject({ code: "REQUESTER_AWAITED" });
    expect(cases.chains()[0]?.entries).toMatchObject([{ kind: "deletion-detected", source: "unattributed-event" }]);
    expect(keys.calls).toEqual(["GetKey"]);
  });

  it("a pending key without a requester is restored at once where no requester could change that", async () => {
    const keys = createKeyWorld();
    const { guard, kinds } = createTestGuard(keys, t0);
    await guardDeletion(guard, serviceEvent);
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(kinds()[0]).toContain("key-usable".replace("usable", "restored"));
  });

  it("the requester learned afterwards is added to the closed case", async () => {
    const keys = createKeyWorld();
    const { guard, kinds } = createTestGuard(keys, t0);
    await guardDeletion(guard, serviceEvent);
    await guardDeletion(guard, event());
    expect(kinds()).toEqual([[...restoredAndUsable, "requester-learned"]]);
  });

  it.each<DeletionTarget>([
    { kind: "alias", alias: "alias/BIN_12345_CVK" },
    { kind: "hint", arn: keyArn() },
  ])("a record that holds only a hint is followed, and allows nothing: $kind", async (target) => {
    const keys = createKeyWorld();
    const { guard } = createTestGuard(keys, t0, { policy: policyWith([allowReaper]) });
    await expect(guardDeletion(guard, event({ requester: reaper, target }))).rejects.toMatchObject({
      code: "REQUESTER_AWAITED",
    });
    expect(keys.calls).toEqual(["GetKey"]);
    expect(keys.state).toBe("DELETE_PENDING");
  });

  it("a hint that comes while the key lives says nothing of a deletion that is seen later", async () => {
    const keys = createKeyWorld({ state: "CREATE_COMPLETE" });
    const { guard, cases, time } = createTestGuard(keys, t0, { policy: policyWith([allowReaper]) });
    await guardDeletion(guard, event({ requester: reaper, target: { kind: "hint", arn: keyArn() } }));
    keys.state = "DELETE_PENDING";
    time.now = t0 + 1000;
    await expect(guardDeletion(guard, serviceEvent)).rejects.toMatchObject({ code: "REQUESTER_AWAITED" });
    time.now = t0 + 16 * 60_000;
    await guardDeletion(guard, serviceEvent);
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(cases.chains().flatMap(({ entries }) => entries.map(({ kind }) => kind))).not.toContain("deletion-allowed");
  });

  it("an alias that resolves to nothing is a matter for a person", async () => {
    const { guard } = createTestGuard(createKeyWorld({ state: "GONE" }), t0);
    const trigger = event({ target: { kind: "alias", alias: "alias/gone" } });
    await expect(guardDeletion(guard, trigger)).rejects.toMatchObject({
      code: "ALIAS_UNRESOLVED",
      disposition: "dead-letter",
    });
  });

  it("an unknown state is recorded once, retried, and never taken as safe", async () => {
    const keys = createKeyWorld({ state: "ON_HOLIDAY" });
    const { guard, kinds } = createTestGuard(keys, t0);
    for (let n = 0; n < 3; n++)
      await expect(guardDeletion(guard, event())).rejects.toMatchObject({
        code: "KEY_STATE_UNKNOWN",
        disposition: "retry",
      });
    expect(kinds()).toEqual([["deletion-detected", "key-state-unknown"]]);
    keys.state = "DELETE_PENDING";
    await guardDeletion(guard, event());
    expect(keys.state).toBe("CREATE_COMPLETE");
  });
});

describe("observe mode", () => {
  it("decides and records, and changes nothing", async () => {
    const keys = createKeyWorld();
    const { guard, kinds, cases } = createTestGuard(keys, t0, { policy: policyWith([], { mode: "observe" }) });
    await guardDeletion(guard, event());
    expect(keys.calls).toEqual(["GetKey"]);
    expect(kinds()).toEqual([["deletion-detected", "decided"]]);
    expect([...cases.items.values()][0]).toMatchObject({ status: "following", dueAt: t0 + 60 * 60_000 });
  });

  it("is provisional: under enforce the same deletion is decided again", async () => {
    const keys = createKeyWorld();
    const { guard, kinds } = createTestGuard(keys, t0, { policy: policyWith([], { mode: "observe" }) });
    await guardDeletion(guard, event());
    await guardDeletion({ ...guard, policy: policyWith() }, event());
    expect(kinds()).toEqual([
      ["deletion-detected", "decided", "decided", "restore-intended", "key-restored", "key-usable"],
    ]);
  });
});

describe("a restore when the time has passed", () => {
  it("is tried once more, recorded as late", async () => {
    const keys = createKeyWorld();
    const { guard, cases } = createTestGuard(keys, t0 + 3 * day);
    await guardDeletion(guard, event());
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(cases.chains()[0]?.entries[2]).toMatchObject({ kind: "restore-intended", late: true });
  });

  it("is tried until the service says that the key is gone", async () => {
    const keys = createKeyWorld();
    const refusing = {
      ...keys,
      restore: async () => {
        keys.calls.push("RestoreKey");
        return { kind: "refused", code: "ValidationException" } as const;
      },
    };
    const { guard, kinds } = createTestGuard(keys, t0 + 3 * day);
    for (let n = 0; n < 3; n++)
      await expect(guardDeletion({ ...guard, keys: refusing }, event())).rejects.toMatchObject({
        code: "CONTROL_PLANE_REFUSED",
      });
    expect(keys.calls.filter((call) => call === "RestoreKey")).toHaveLength(3);
    keys.state = "DELETE_COMPLETE";
    await guardDeletion(guard, event());
    expect(kinds()).toEqual([
      ["deletion-detected", "decided", "restore-intended", "effect-failed", "effect-failed", "key-destroyed"],
    ]);
  });
});

describe("a multi-Region key", () => {
  it("that is the primary is restored as any other", async () => {
    const keys = createKeyWorld({ key: paymentKey({ multiRegion: "PRIMARY" }) });
    const { guard, kinds } = createTestGuard(keys, t0 + 2000);
    await guardDeletion(guard, event());
    expect(kinds()).toEqual([restoredAndUsable]);
  });

  it.each([
    event(),
    serviceEvent,
    { source: "sweep", keyArn: keyArn(), deliveries: 1, asked: false, listed: true },
  ] as const)("that is a replica is left to the stack of its primary's region ($source)", async (trigger) => {
    const keys = createKeyWorld({ key: paymentKey({ multiRegion: "REPLICA" }) });
    const { guard, kinds, logged } = createTestGuard(keys, t0 + 2000);
    expect(await guardDeletion(guard, trigger)).toEqual([]);
    expect([keys.calls, kinds()]).toEqual([["GetKey"], []]);
    expect(logged).toEqual([{ code: "REPLICA_LEFT_ALONE", fields: { keyArn: keyArn(), state: "pending" } }]);
  });
});
