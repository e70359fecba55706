import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { LockOutDeps } from "../../lib/workflows/remediate/lock-out-deps.ts";
import { undoLockOut } from "../../lib/workflows/remediate/undo-lock-out.ts";
import { policyWith } from "../doubles/guard.ts";
import { createKeyWorld, deletionRequest, keyArn, paymentKey, t0 } from "../doubles/key-world.ts";
import { createLockedOutWorld, denyOf, grant } from "../doubles/remediation.ts";

const minute = 60_000;
const hour = 60 * minute;
const event = (deliveries: number) => ({ source: "event", request: deletionRequest(), deliveries }) as const;
const name = { keyArn: keyArn(), generation: 1 };

type World = ReturnType<typeof createLockedOutWorld>;

/** Runs the guard; whether it was denied. */
async function guardOnce({ guard }: World, deliveries = 1): Promise<string> {
  return await guardDeletion(guard, event(deliveries)).then(
    () => "done",
    (error: unknown) => (error instanceof GuardError ? error.code : String(error)),
  );
}

const entriesOf = ({ cases }: World) => cases.chains()[0]?.entries ?? [];
const kindsOf = (world: World) => entriesOf(world).map(({ kind }) => kind);
const seqOf = (world: World, kind: string) => entriesOf(world).findLast((entry) => entry.kind === kind)?.seq ?? 0;
const leftOf = (world: World) =>
  entriesOf(world).flatMap((entry) => (entry.kind === "lock-out-left" ? [entry.why] : []));
const codesOf = ({ logged }: World) => logged.map(({ code }) => code);

/** Hands the record of `kind` to remediation. */
async function remediate(world: World, kind = "effect-failed", deps: LockOutDeps = world.deps): Promise<void> {
  await undoLockOut(deps, { name, seq: seqOf(world, kind) });
}

/** A world in which the guard was denied RestoreKey, and has recorded it. */
async function lockedOut(options: Partial<Parameters<typeof createLockedOutWorld>[0]> = {}): Promise<World> {
  const world = createLockedOutWorld({ statements: [denyOf("RestoreKey"), grant], ...options });
  expect(await guardOnce(world)).toBe("ACCESS_DENIED");
  return world;
}

describe("a key whose resource policy denies the guard RestoreKey", () => {
  it("comes back: the Deny alone is removed, with three calls of the control plane, all of it on record and published", async () => {
    const world = await lockedOut();
    await remediate(world);
    expect(world.state).toEqual({
      statements: [grant],
      calls: ["GetResourcePolicy", "PutResourcePolicy", "GetResourcePolicy"],
    });
    expect(await guardOnce(world, 2)).toBe("done");
    expect(world.keys.state).toBe("CREATE_COMPLETE");
    expect(kindsOf(world)).toEqual([
      ...["deletion-detected", "decided", "restore-intended", "effect-failed"],
      ...["deny-removal-intended", "deny-removed", "key-restored", "key-usable"],
    ]);
    expect(world.bus.published.map(({ kind }) => kind)).toEqual(kindsOf(world));
    const intent = entriesOf(world).find((entry) => entry.kind === "deny-removal-intended");
    expect(intent).toMatchObject({ calls: ["RestoreKey"], left: 1 });
    expect(JSON.parse(intent?.statements.join("") ?? "")).toEqual([denyOf("RestoreKey")]);
    expect(codesOf(world)).toContain("DENY_REMOVED");
  });

  it.each([
    ["a policy", [denyOf("RestoreKey"), grant], { Version: "2012-10-17", Statement: [grant] }],
    ["none", [denyOf("RestoreKey")], "none"],
  ] as const)(
    "is known without the Deny from now on, so that no rule about changes puts it back: %s",
    async (_, statements, left) => {
      const world = await lockedOut({ statements: [...statements] });
      const subject = { kind: "key", keyArn: keyArn() } as const;
      const document = { Version: "2012-10-17", Statement: statements } as never;
      await world.known.note("resource-policy", subject, document, t0 - 20 * hour);
      await remediate(world);
      expect(await world.known.last("resource-policy", subject)).toMatchObject({ state: left });
      expect(await world.known.before("resource-policy", subject, t0 + hour)).toEqual(left);
    },
  );

  it("is known so although the run dies right behind the removal", async () => {
    const world = await lockedOut();
    const subject = { kind: "key", keyArn: keyArn() } as const;
    let fails = true;
    const note: LockOutDeps["known"]["note"] = async (...sighting) => {
      if (fails) throw new GuardError("STORE_UNAVAILABLE", "retry", "down");
      await world.known.note(...sighting);
    };
    const deps = { ...world.deps, known: { note } };
    await expect(remediate(world, "effect-failed", deps)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(world.state.statements).toEqual([grant]);
    fails = false;
    await remediate(world, "effect-failed", deps);
    expect(kindsOf(world).at(-1)).toBe("deny-removed");
    expect(await world.known.last("resource-policy", subject)).toMatchObject({ state: { Statement: [grant] } });
  });

  it("has no policy any more where nothing else was in it", async () => {
    const world = await lockedOut({ statements: [denyOf("RestoreKey")] });
    await remediate(world);
    expect(world.state.calls).toEqual(["GetResourcePolicy", "DeleteResourcePolicy", "GetResourcePolicy"]);
    expect(world.state.statements).toEqual([]);
  });

  it("has the text of its statements on record whole, however long they are", async () => {
    const long = { ...denyOf("RestoreKey"), Sid: `${'"\\\u00e9'.repeat(3_000)}\u{1f511}` };
    const world = await lockedOut({ statements: [long] });
    await remediate(world);
    const intent = entriesOf(world).find((entry) => entry.kind === "deny-removal-intended");
    expect(JSON.parse(intent?.statements.join("") ?? "")).toEqual([long]);
  });

  it("is remediated once by any number of copies of the message", async () => {
    const world = await lockedOut();
    for (const _ of [1, 2, 3]) await remediate(world);
    expect(world.state.calls.filter((call) => call === "PutResourcePolicy")).toHaveLength(1);
    expect(kindsOf(world).filter((kind) => kind === "deny-removed")).toHaveLength(1);
    expect(leftOf(world)).toEqual([]);
  });

  it("waits in silence while the removal takes its time", async () => {
    const world = await lockedOut();
    const slow = createLockedOutWorld({ statements: [denyOf("RestoreKey")] });
    await remediate(world);
    // The policy is written, and the service still denies.
    const denied = { ...world.guard, keys: { ...world.guard.keys, restore: slow.guard.keys.restore } };
    world.time.now += 58 * minute;
    await expect(guardDeletion(denied, event(2))).rejects.toMatchObject({ code: "ACCESS_DENIED" });
    const before = world.logged.length;
    await remediate(world);
    expect(world.logged.slice(before).map(({ code }) => code)).toEqual(["LOCK_OUT_OVER"]);
  });
});

describe("a lock-out that came again", () => {
  /** The Deny was removed, and put back. */
  async function putBack(): Promise<World> {
    const world = await lockedOut();
    await remediate(world);
    world.state.statements = [denyOf("RestoreKey")];
    world.time.now = t0 + minute;
    expect(await guardOnce(world, 2)).toBe("ACCESS_DENIED");
    return world;
  }

  it("within the hour is left with an alarm, and undone by the same message once the hour is over", async () => {
    const world = await putBack();
    for (const minutes of [1, 15, 30]) {
      world.time.now = t0 + minutes * minute;
      await expect(remediate(world)).rejects.toMatchObject({ code: "REMEDIATED_LATELY", retryAfterSeconds: 900 });
    }
    expect(leftOf(world)).toEqual(["removed-within-the-hour"]);
    expect(codesOf(world).filter((code) => code === "LOCK_OUT_LEFT")).toHaveLength(3);
    expect(world.bus.published.at(-1)?.kind).toBe("lock-out-left");
    expect(world.state.statements).toEqual([denyOf("RestoreKey")]);
    world.time.now = t0 + 62 * minute;
    await remediate(world);
    expect(world.state.statements).toEqual([]);
  });

  it("between the write and the second read counts as the one removal of the hour", async () => {
    const world = await lockedOut();
    const { put } = world.policies;
    const policies = {
      ...world.policies,
      put: async (...args: Parameters<typeof put>) => {
        await put(...args);
        world.state.statements = [denyOf("RestoreKey")];
      },
    };
    const deps = { ...world.deps, policies };
    await expect(remediate(world, "effect-failed", deps)).rejects.toMatchObject({ code: "REMEDIATION_WITHOUT_EFFECT" });
    expect(leftOf(world)).toEqual(["came-back"]);
    await expect(remediate(world, "effect-failed", deps)).rejects.toMatchObject({ code: "REMEDIATED_LATELY" });
    expect(world.state.calls.filter((call) => call === "PutResourcePolicy")).toHaveLength(1);
  });
});

describe("a key whose resource policy denies the guard GetKey", () => {
  it("comes back at once, and the Deny is removed afterwards", async () => {
    const world = createLockedOutWorld({ statements: [denyOf("GetKey")] });
    expect(await guardOnce(world)).toBe("done");
    expect(world.keys.state).toBe("CREATE_COMPLETE");
    await remediate(world, "look-denied");
    expect(world.state.statements).toEqual([]);
    expect(kindsOf(world).filter((kind) => kind === "look-denied")).toHaveLength(1);
    expect(world.bus.published.at(-1)?.kind).toBe("deny-removed");
  });

  it("and RestoreKey, by two statements, has both removed in one write", async () => {
    const world = createLockedOutWorld({ statements: [denyOf("GetKey"), denyOf("RestoreKey")] });
    expect(await guardOnce(world)).toBe("ACCESS_DENIED");
    await remediate(world, "look-denied");
    await remediate(world, "effect-failed");
    expect(world.state.calls.filter((call) => call.startsWith("Delete"))).toHaveLength(1);
    expect(await guardOnce(world, 2)).toBe("done");
  });
});

describe("a key whose resource policy denies the guard StartKeyUsage", () => {
  it("is usable again once the Deny is removed", async () => {
    const key = paymentKey({ enabled: false, usageStoppedAt: t0 });
    const world = createLockedOutWorld({ keys: createKeyWorld({ key }), statements: [denyOf("StartKeyUsage")] });
    expect(await guardOnce(world)).toBe("ACCESS_DENIED");
    await remediate(world);
    expect(await guardOnce(world, 2)).toBe("done");
    expect(world.keys.key.enabled).toBe(true);
  });
});

describe("a lock-out is left to people, with an alarm, and nothing is written", () => {
  const conditional = { ...denyOf("RestoreKey"), Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } };

  it.each<[string, Parameters<typeof createLockedOutWorld>[0], string]>([
    [
      "the policy file says off",
      { statements: [denyOf("RestoreKey")], policy: policyWith([], { remediation: { resourcePolicy: "off" } }) },
      "off",
    ],
    [
      "the policy file excepts the key",
      {
        statements: [denyOf("RestoreKey")],
        policy: policyWith([], { remediation: { except: ["arn:aws:payment-cryptography:*:111122223333:key/*"] } }),
      },
      "excepted",
    ],
    ["the Deny has a condition", { statements: [conditional] }, "conditional"],
    [
      "the Deny names someone else",
      { statements: [{ ...denyOf("RestoreKey"), Principal: { AWS: "arn:aws:iam::111122223333:role/x" } }] },
      "no-deny",
    ],
  ])("where %s", async (_, options, why) => {
    const world = await lockedOut(options);
    await remediate(world);
    await remediate(world);
    expect(leftOf(world)).toEqual([why]);
    expect(world.state.statements).toEqual(options.statements);
    expect(codesOf(world).filter((code) => code === "LOCK_OUT_LEFT")).toHaveLength(2);
    expect(world.bus.published.at(-1)?.kind).toBe("lock-out-left");
    expect(world.claims.taken.size).toBe(0);
  });

  it("where the policy is not readable, or the guard observes by now", async () => {
    const world = await lockedOut();
    const read = async () => "{";
    await remediate(world, "effect-failed", { ...world.deps, policies: { ...world.policies, read } });
    await remediate(world, "effect-failed", { ...world.deps, policy: policyWith([], { mode: "observe" }) });
    expect(leftOf(world)).toEqual(["unreadable", "observe"]);
    expect(world.state.calls).toEqual([]);
  });

  it.each([
    ["ACCESS_DENIED", "denied"],
    ["CONTROL_PLANE_REFUSED", "refused"],
  ] as const)("where the control plane answers %s", async (code, why) => {
    for (const call of ["read", "put"] as const) {
      const world = await lockedOut();
      const refuse = async () => await Promise.reject(new GuardError(code, "retry", "no", { cause: new Error("x") }));
      await remediate(world, "effect-failed", { ...world.deps, policies: { ...world.policies, [call]: refuse } });
      expect(leftOf(world)).toEqual([why]);
      expect(entriesOf(world).at(-1)).toMatchObject({ kind: "lock-out-left", code: "Error" });
    }
  });
});

describe("a request is ignored", () => {
  it.each<[string, number]>([
    ["of an entry that is no denial", 1],
    ["of an entry that there is not", 99],
  ])("%s", async (_, seq) => {
    const world = await lockedOut();
    await undoLockOut(world.deps, { name, seq });
    expect([world.state.calls, codesOf(world).at(-1)]).toEqual([[], "LOCK_OUT_OVER"]);
  });

  it("a day after the denial, and once the key is back", async () => {
    const world = await lockedOut();
    world.time.now += 24 * hour;
    await remediate(world);
    expect(world.state.calls).toEqual([]);
    const again = await lockedOut();
    again.state.statements = [];
    expect(await guardOnce(again, 2)).toBe("done");
    again.state.statements = [denyOf("RestoreKey")];
    await remediate(again);
    expect(again.state.calls).toEqual([]);
  });

  it("and put aside if it names no case", async () => {
    const world = createLockedOutWorld({ statements: [] });
    const request = { name, seq: 4 };
    await expect(undoLockOut(world.deps, request)).rejects.toMatchObject({
      code: "CASE_UNKNOWN",
      disposition: "dead-letter",
    });
  });
});

describe("half of it fails", () => {
  const down = async () => await Promise.reject(new GuardError("CONTROL_PLANE_UNAVAILABLE", "retry", "down"));

  it("and the answer to the write is lost: the next attempt finds no Deny, records the removal and goes on", async () => {
    const world = await lockedOut();
    const put: typeof world.policies.put = async (...args) => {
      await world.policies.put(...args);
      await down();
    };
    const deps = { ...world.deps, policies: { ...world.policies, put } };
    await expect(remediate(world, "effect-failed", deps)).rejects.toMatchObject({ code: "CONTROL_PLANE_UNAVAILABLE" });
    world.time.now += 41_000;
    await remediate(world);
    expect(entriesOf(world).at(-1)).toMatchObject({ kind: "deny-removed", how: "found" });
    expect(world.state.calls.filter((call) => call === "PutResourcePolicy")).toHaveLength(1);
    expect(await guardOnce(world, 2)).toBe("done");
  });

  it.each(["read", "put"] as const)("and %s is not answered: the next attempt does all of it", async (call) => {
    const world = await lockedOut();
    const deps = { ...world.deps, policies: { ...world.policies, [call]: down } };
    await expect(remediate(world, "effect-failed", deps)).rejects.toMatchObject({ code: "CONTROL_PLANE_UNAVAILABLE" });
    expect(world.state.statements).toEqual([denyOf("RestoreKey"), grant]);
    world.time.now += 41_000;
    await remediate(world);
    expect(world.state.statements).toEqual([grant]);
    expect(kindsOf(world).filter((kind) => kind === "deny-removal-intended")).toHaveLength(1);
  });

  it.each(["read", "save"] as const)("and the store fails at %s: nothing is removed without a record", async (call) => {
    const world = await lockedOut();
    const fail = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    const deps = { ...world.deps, cases: { ...world.cases, [call]: fail } };
    await expect(remediate(world, "effect-failed", deps)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(world.state.calls).not.toContain("PutResourcePolicy");
  });

  it("and the claim of the hour cannot be written: nothing is removed", async () => {
    const world = await lockedOut();
    const claim = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    await expect(remediate(world, "effect-failed", { ...world.deps, claims: { claim } })).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
    });
    expect(world.state.calls).toEqual(["GetResourcePolicy"]);
  });

  it("and the guard holds the case: it waits", async () => {
    const world = await lockedOut();
    const stored = await world.cases.read(name);
    const lease = { owner: "guard", until: world.time.now + 10_000 };
    const cases = { ...world.cases, read: async () => stored && { ...stored, lease } };
    await expect(remediate(world, "effect-failed", { ...world.deps, cases })).rejects.toMatchObject({
      code: "CASE_CLAIMED",
    });
    expect(world.state.calls).toEqual([]);
  });

  it("and the bus is down: the removal stays on record, and the next attempt publishes it", async () => {
    const world = await lockedOut();
    const publish = async () => await Promise.reject(new GuardError("BUS_UNAVAILABLE", "retry", "down"));
    const deps = { ...world.deps, bus: { ...world.bus, publish } };
    await expect(remediate(world, "effect-failed", deps)).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
    expect(world.state.statements).toEqual([grant]);
    await remediate(world);
    expect(world.bus.published.at(-1)?.kind).toBe("deny-removed");
    expect(world.state.calls.filter((call) => call === "PutResourcePolicy")).toHaveLength(1);
  });
});
