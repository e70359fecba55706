import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { KmsKeyState, TamperCall } from "../../lib/workflows/ports/remediation.ts";
import { type TamperDeps, undoTamper } from "../../lib/workflows/remediate/undo-tamper.ts";
import { t0 } from "../doubles/key-world.ts";
import { createMemoryClaims } from "../doubles/remediation.ts";

const account = "arn:aws:events:us-east-1:111122223333:rule";
const rule = `${account}/reprieve-prod-delete-key`;
const onBus = `${account}/reprieve-prod/reprieve-prod-announce`;
const keyId = "1234abcd-12ab-34cd-56ef-1234567890ab";
const keyArn = `arn:aws:kms:us-east-1:111122223333:key/${keyId}`;
const ownRole = "arn:aws:iam::111122223333:role/reprieve-prod-remediation-us-east-1";
const minute = 60_000;

/** A stack whose rule and key are in the given states. */
function createWorld(key: KmsKeyState = "enabled", overrides: Partial<TamperDeps> = {}) {
  const state = {
    key,
    rules: new Map([
      [rule, "disabled"],
      [onBus, "disabled"],
    ] as [string, "enabled" | "disabled"][]),
  };
  const calls: string[] = [];
  const logged: [string, unknown][] = [];
  const time = { now: t0 };
  const deps: TamperDeps = {
    rules: {
      state: async (arn) => state.rules.get(arn) ?? "missing",
      enable: async (arn) => {
        calls.push(`EnableRule ${arn}`);
        state.rules.set(arn, "enabled");
      },
    },
    stackKey: {
      arn: keyArn,
      state: async () => state.key,
      cancelDeletion: async () => {
        calls.push("CancelKeyDeletion");
        state.key = "disabled";
      },
      enable: async () => {
        calls.push("EnableKey");
        state.key = "enabled";
      },
    },
    ruleArns: [rule, onBus],
    claims: createMemoryClaims(),
    ownRole,
    clock: () => time.now,
    log: (code, fields) => logged.push([code, fields["why"]]),
    ...overrides,
  };
  return { deps, state, calls, logged, time };
}

const disabled = (ruleName: string, eventId = "e-1"): TamperCall => ({
  eventId,
  did: { kind: "rule-disabled", ruleName },
});
const ended = (...keyIds: string[]): TamperCall => ({ eventId: "e-1", did: { kind: "kms-key-ended", keyIds } });
const codes = (world: ReturnType<typeof createWorld>) => world.logged.map(([code]) => code);

describe("a rule of the stack that was disabled", () => {
  it.each([
    ["reprieve-prod-delete-key", rule],
    [rule, rule],
    ["reprieve-prod-announce", onBus],
  ])("is enabled again by the ARN of the template, whatever the record calls it: %s", async (name, arn) => {
    const world = createWorld();
    await undoTamper(world.deps, disabled(name));
    expect(world.calls).toEqual([`EnableRule ${arn}`]);
    expect(codes(world)).toEqual(["TAMPER_UNDOING", "TAMPER_UNDONE"]);
  });

  it.each(["reprieve-prod", "delete-key", "reprieve-prod-delete-key2", "rule/reprieve-prod-delete-key", ""])(
    "is not one that is called %j",
    async (name) => {
      const world = createWorld();
      await undoTamper(world.deps, disabled(name));
      expect([world.calls, codes(world)]).toEqual([[], ["TAMPER_OVER"]]);
    },
  );

  it("is left alone if it is enabled by now, and reported if it is gone", async () => {
    const world = createWorld();
    world.state.rules.set(rule, "enabled");
    await undoTamper(world.deps, disabled("reprieve-prod-delete-key"));
    world.state.rules.delete(rule);
    await undoTamper(world.deps, disabled("reprieve-prod-delete-key"));
    expect(world.calls).toEqual([]);
    expect(world.logged).toEqual([
      ["TAMPER_OVER", undefined],
      ["TAMPER_LEFT", "missing"],
    ]);
  });

  it("is enabled once an hour; each further time is an alarm, and waits for the hour to pass", async () => {
    const world = createWorld();
    const disable = async (eventId: string, at: number) => {
      world.time.now = t0 + at;
      world.state.rules.set(rule, "disabled");
      await undoTamper(world.deps, disabled("reprieve-prod-delete-key", eventId));
    };
    await disable("e-1", 0);
    const late = { code: "REMEDIATED_LATELY", disposition: "retry", retryAfterSeconds: 900 };
    await expect(disable("e-2", 1 * minute)).rejects.toMatchObject(late);
    await expect(disable("e-3", 59 * minute)).rejects.toMatchObject(late);
    expect(world.calls).toHaveLength(1);
    expect(world.logged.slice(2)).toEqual(Array(2).fill(["TAMPER_LEFT", "undone-within-the-hour"]));
    // Nobody disables the rule again: the earlier call that came back from the queue brings it back.
    world.time.now = t0 + 61 * minute;
    await undoTamper(world.deps, disabled("reprieve-prod-delete-key", "e-2"));
    expect(world.state.rules.get(rule)).toBe("enabled");
    await undoTamper(world.deps, disabled("reprieve-prod-delete-key", "e-3"));
    expect(world.calls).toHaveLength(2);
    expect(codes(world).slice(-3)).toEqual(["TAMPER_UNDOING", "TAMPER_UNDONE", "TAMPER_OVER"]);
  });

  it("has one effect for each event while the table of claims cannot be read, however often that is delivered", async () => {
    const claim = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "KMS key disabled"));
    const world = createWorld("disabled", { claims: { claim } });
    for (const eventId of ["e-1", "e-2"]) {
      world.state.rules.set(rule, "disabled");
      for (let delivery = 0; delivery < 3; delivery++)
        await undoTamper(world.deps, disabled("reprieve-prod-delete-key", eventId));
    }
    expect(world.calls).toHaveLength(2);
  });
});

describe("the stack's KMS key", () => {
  it.each<[KmsKeyState, string[]]>([
    ["disabled", ["EnableKey"]],
    ["pending-deletion", ["CancelKeyDeletion", "EnableKey"]],
    ["enabled", []],
    ["other", []],
  ])("that is %s gets %j", async (state, calls) => {
    for (const id of [keyId, keyArn]) {
      const world = createWorld(state);
      await undoTamper(world.deps, ended("alias/x", id));
      expect(world.calls).toEqual(calls);
    }
  });

  it("is not another key, nor one by an alias", async () => {
    const world = createWorld("disabled");
    await undoTamper(world.deps, ended("1234abcd", `${keyArn}0`, "alias/reprieve-prod"));
    expect([world.calls, codes(world)]).toEqual([[], ["TAMPER_OVER"]]);
  });

  it("comes back while the table of claims, which it encrypts, cannot be read", async () => {
    const claim = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "KMS key disabled"));
    const world = createWorld("disabled", { claims: { claim } });
    await undoTamper(world.deps, ended(keyArn));
    expect(world.state.key).toBe("enabled");
    expect(codes(world)).toEqual(["TAMPER_UNDOING", "TAMPER_UNDONE"]);
  });

  it("is brought back on a retry, if the first attempt fails between its two calls", async () => {
    const world = createWorld("pending-deletion");
    const enable = async () => await Promise.reject(new GuardError("KMS_UNAVAILABLE", "retry", "down"));
    const broken = { ...world.deps, stackKey: { ...world.deps.stackKey, enable } };
    await expect(undoTamper(broken, ended(keyArn))).rejects.toMatchObject({ code: "KMS_UNAVAILABLE" });
    expect(world.logged.at(-1)).toEqual(["TAMPER_LEFT", "failed"]);
    await undoTamper(world.deps, ended(keyArn));
    expect([world.state.key, world.calls]).toEqual(["enabled", ["CancelKeyDeletion", "EnableKey"]]);
  });

  it("that a call reports as enabled and is not is tried again", async () => {
    const world = createWorld("disabled");
    const stackKey = { ...world.deps.stackKey, enable: async () => {} };
    await expect(undoTamper({ ...world.deps, stackKey }, ended(keyArn))).rejects.toMatchObject({
      code: "REMEDIATION_WITHOUT_EFFECT",
    });
  });
});

describe("a call", () => {
  it("of our own role, or of any other kind, is ignored", async () => {
    const world = createWorld("disabled");
    await undoTamper(world.deps, { ...disabled("reprieve-prod-delete-key"), callerRole: ownRole });
    await undoTamper(world.deps, { eventId: "e-1", did: { kind: "other" } });
    expect([world.calls, codes(world)]).toEqual([[], ["TAMPER_OVER", "TAMPER_OVER"]]);
  });
});
