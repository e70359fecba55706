import { describe, expect, it } from "vitest";
import { GuardError, type GuardErrorCode } from "../../lib/domain/guard-error.ts";
import { probeRestore } from "../../lib/workflows/guard/probe-restore.ts";
import type { EffectAnswer } from "../../lib/workflows/ports/guard.ts";
import type { Heartbeat, RuleHealth } from "../../lib/workflows/ports/self-check.ts";
import { type SelfCheckDeps, selfCheck } from "../../lib/workflows/sweep/self-check.ts";
import { createTestGuard } from "../doubles/guard.ts";
import { createKeyWorld, t0 } from "../doubles/key-world.ts";

const fails = (code: GuardErrorCode) => async () => await Promise.reject(new GuardError(code, "retry", "down"));
const refused = (code: string) => async (): Promise<EffectAnswer> => ({ kind: "refused", code });
const notFound = refused("ResourceNotFoundException");
const stack = { account: "111122223333", region: "us-east-1" };
const rule = (name: string) => `arn:aws:events:us-east-1:111122223333:rule/reprieve-dev-${name}`;

function setUp(overrides: Partial<SelfCheckDeps> = {}) {
  const { guard, logged } = createTestGuard(createKeyWorld(), t0);
  const heartbeats: Heartbeat[] = [];
  const restores: string[] = [];
  let asked = 0;
  const deps: SelfCheckDeps = {
    guard,
    keys: {
      restore: async (arn) => {
        restores.push(arn);
        return await notFound();
      },
    },
    log: guard.log,
    stack,
    ruleArns: [rule("delete-key"), rule("tamper-rules")],
    readRuleHealth: async () => "working",
    askGuardToProbe: async () => {
      asked += 1;
    },
    publishHeartbeat: async (heartbeat) => {
      heartbeats.push(heartbeat);
    },
    logAgeMs: () => 1_800_000,
    statesAgeMs: async () => 86_400_000,
    ...overrides,
  };
  const run = async () => ({ ...(await selfCheck(deps)), logged, heartbeats, restores, asked });
  return { run };
}

describe("a self-check", () => {
  it("of a stack that works logs nothing, probes sweep and guard, and publishes a heartbeat", async () => {
    const { heartbeat, logged, heartbeats, restores, asked } = await setUp().run();
    expect([heartbeat, logged, asked]).toEqual([true, [], 1]);
    expect(restores).toEqual(["arn:aws:payment-cryptography:us-east-1:111122223333:key/reprieveprobe000"]);
    expect(heartbeats).toEqual([
      {
        version: "0.1.0",
        policyHash: "f".repeat(64),
        mode: "enforce",
        sweptAt: new Date(t0).toISOString(),
        openCases: 0,
        logAgeMs: 1_800_000,
        statesAgeMs: 86_400_000,
      },
    ]);
  });

  it.each<RuleHealth>(["disabled", "missing", "without-target"])(
    "logs a rule that is %s, by its ARN",
    async (health) => {
      const readRuleHealth = async (arn: string) => (arn === rule("tamper-rules") ? health : "working");
      const { heartbeat, logged } = await setUp({ readRuleHealth }).run();
      expect(logged).toEqual([{ code: "RULE_NOT_WORKING", fields: { ruleArn: rule("tamper-rules"), health } }]);
      expect(heartbeat).toBe(true);
    },
  );

  it("logs every rule that it may not look at, and does the rest", async () => {
    const { heartbeat, logged, asked } = await setUp({ readRuleHealth: fails("ACCESS_DENIED") }).run();
    expect(logged.map(({ code, fields }) => [code, fields["code"]])).toEqual([
      ["RULE_UNREADABLE", "ACCESS_DENIED"],
      ["RULE_UNREADABLE", "ACCESS_DENIED"],
    ]);
    expect([heartbeat, asked]).toEqual([true, 1]);
  });

  it("publishes a heartbeat that says what is not known", async () => {
    const { guard } = createTestGuard(createKeyWorld(), t0);
    const cases = { ...guard.cases, countOpen: fails("STORE_UNAVAILABLE") };
    const blind = { guard: { ...guard, cases }, logAgeMs: () => undefined, statesAgeMs: fails("STORE_UNAVAILABLE") };
    const { heartbeats } = await setUp(blind).run();
    expect(heartbeats).toMatchObject([{ openCases: null, logAgeMs: null, statesAgeMs: null }]);
  });

  it.each<[string, Partial<SelfCheckDeps>, boolean]>([
    ["heartbeat", { publishHeartbeat: fails("BUS_UNAVAILABLE") }, false],
    ["ask-guard-to-probe", { askGuardToProbe: fails("BUS_UNAVAILABLE") }, true],
  ])("logs a bus that does not take its %s", async (step, broken, expected) => {
    const { heartbeat, logged } = await setUp(broken).run();
    expect(heartbeat).toBe(expected);
    expect(logged).toMatchObject([{ code: "SWEEP_STEP_FAILED", fields: { step, code: "BUS_UNAVAILABLE" } }]);
  });
});

describe("a probe", () => {
  it.each<[string, () => Promise<EffectAnswer>, readonly string[]]>([
    ["not found", notFound, []],
    ["a denial", fails("ACCESS_DENIED"), ["RESTORE_DENIED ACCESS_DENIED"]],
    ["no answer", fails("CONTROL_PLANE_UNAVAILABLE"), ["PROBE_UNCLEAR CONTROL_PLANE_UNAVAILABLE"]],
    ["another refusal", refused("ValidationException"), ["PROBE_UNCLEAR ValidationException"]],
    ["a restored key", async () => ({ kind: "done", observation: { kind: "absent" } }), ["PROBE_UNCLEAR done"]],
    ["an error of any kind", async () => await Promise.reject(new Error("boom")), ["PROBE_UNCLEAR UNEXPECTED"]],
  ])("answered by %s logs what that proves", async (_, restore, expected) => {
    const logged: string[] = [];
    await probeRestore({ keys: { restore }, stack, log: (code, fields) => logged.push(`${code} ${fields["code"]}`) });
    expect(logged).toEqual(expected);
  });
});
