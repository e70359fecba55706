import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ChangeFacts } from "../../../lib/domain/operations/operation.ts";
import type { Requester } from "../../../lib/domain/people/requester.ts";
import { decide } from "../../../lib/domain/policy/decide.ts";
import type { Facts } from "../../../lib/domain/policy/decision.ts";
import { judgeChange } from "../../../lib/domain/policy/judge-change.ts";
import { compilePolicy, type Policy } from "../../../lib/domain/policy/policy.ts";
import { readPolicyYaml } from "../../../lib/domain/policy/yaml/policy-yaml.ts";
import { keyArn } from "../../doubles/key-world.ts";
import { alice, factsOf, key, reaper, requestBy } from "../../doubles/policy-facts.ts";

function read(file: string): Policy {
  const policy = readPolicyYaml(readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8"));
  if (!policy.ok) throw new Error(JSON.stringify(policy.faults));
  return compilePolicy(policy.document, "f".repeat(64));
}

/** The outcome and the rule behind it, or the facts that are missing. */
function outcomeOf(policy: Policy, facts: Facts): string {
  const verdict = decide(policy, facts);
  if (verdict.kind === "needs") return `needs ${verdict.facts.join(" and ")}`;
  return `${verdict.decision.effect.outcome} by ${verdict.decision.rule}`;
}

const pinKey = { ...key, usage: "TR31_P0_PIN_ENCRYPTION_KEY" };
const compromised = { ...key, arn: keyArn("c0mpr0m1sedk3y00") };
const test = { tags: { Environment: "dev" }, aliases: ["alias/test/a"] };
const byReaper = { requester: requestBy({ ...reaper, roleId: "AROAREAPEREXAMPLE000" }) };
const byItsSuccessor = { requester: requestBy({ ...reaper, roleId: "AROASOMEBODYELSE0000" }) };

describe.each<[string, "observe" | "enforce", readonly string[], string]>([
  [
    "policy/policy.yaml",
    "observe",
    [
      "pin-keys-need-two-custodians",
      "base-derivation-keys-need-two-custodians",
      "compromised-keys-stay-dead",
      "reaper-cleans-test-keys",
      "retirement-in-office-hours",
    ],
    "ask by compromised-keys-stay-dead",
  ],
  [
    "local/policy.yaml",
    "enforce",
    ["pin-keys-need-two-custodians", "compromised-keys-come-back-disabled", "reaper-cleans-test-keys"],
    "restore by compromised-keys-come-back-disabled",
  ],
])("%s", (file, mode, rules, ofCompromised) => {
  const policy = read(file);

  it("is sound", () => {
    expect(policy.mode).toBe(mode);
    expect(policy.rules.map(({ id }) => id)).toEqual(rules);
    expect(policy.default).toEqual({ outcome: "restore", usage: "resume" });
  });

  it.each<[string, Partial<Facts>, string]>([
    ["a PIN key, no matter who deletes it", { key: pinKey }, "ask by pin-keys-need-two-custodians"],
    ["a compromised key", { key: compromised }, ofCompromised],
    ["a test key, deleted by the reaper", { ...test, ...byReaper }, "allow by reaper-cleans-test-keys"],
    [
      "a PIN key dressed up as a test key",
      { ...test, ...byReaper, key: pinKey },
      "ask by pin-keys-need-two-custodians",
    ],
    ["a test key, deleted by a role created later as the reaper", { ...test, ...byItsSuccessor }, "restore by default"],
    ["a test key, deleted by Alice", { ...test, requester: requestBy(alice) }, "restore by default"],
    [
      "a test key that also is a production key",
      { ...test, ...byReaper, aliases: ["alias/test/a", "alias/x"] },
      "restore by default",
    ],
    ["a test key without a tag", { ...test, ...byReaper, tags: {} }, "restore by default"],
    [
      "a test key that waits for three days only",
      { ...test, ...byReaper, deletePendingAt: Date.parse("2024-05-30T19:49:54Z") },
      "restore by default",
    ],
    ["a key deleted by the reaper", byReaper, "needs tags and aliases"],
    ["a key deleted by Alice", { requester: requestBy(alice) }, "restore by default"],
    ["a key deleted by nobody known", { ...test, requester: { identity: { kind: "unknown" } } }, "restore by default"],
  ])("%s", (_, facts, outcome) => {
    expect(outcomeOf(policy, factsOf(facts))).toBe(outcome);
  });
});

describe("policy/policy.yaml", () => {
  const policy = read("policy/policy.yaml");
  const inAMonth = Date.parse("2024-06-26T15:00:00Z");
  const by = (at: string) => requestBy({ ...alice, mfa: true }, { at: Date.parse(at) });

  it.each<[string, string, number, string]>([
    ["on a Monday morning in New York", "2024-05-27T15:00:00Z", inAMonth, "ask by retirement-in-office-hours"],
    ["in the evening", "2024-05-27T20:00:00Z", inAMonth + 86_400_000, "restore by default"],
    ["on a Friday", "2024-05-24T15:00:00Z", inAMonth, "restore by default"],
    ["with less than a month's notice", "2024-05-28T15:00:00Z", inAMonth, "restore by default"],
  ])("custodians retire keys %s", (_, at, deletePendingAt, outcome) => {
    expect(outcomeOf(policy, { key, deletePendingAt, requester: by(at), tags: {}, aliases: [] })).toBe(outcome);
  });
});

describe("policy/policy.yaml, of other operations", () => {
  const policy = read("policy/policy.yaml");
  const account = "111122223333";
  const session = (role: string, roleId?: string): Requester => ({
    ...{ kind: "role-session", account, roleArn: `arn:aws:iam::${account}:role/${role}` },
    ...(roleId !== undefined && { roleId }),
  });
  const deployer = session("ci/key-deployer", "AROADEPLOYEREXAMPLE0");
  const responder = session("security/incident-responder", "AROARESPONDEREXAMPLE");
  const alike = { alike: ["true"] };

  it("has the rules that its tests know", () => {
    expect(policy.changeRules.map(({ id, outcome }) => [id, outcome])).toEqual([
      ["responders-may-stop-keys", "notify"],
      ["deployer-rotates-keys", "allow"],
      ["other-aliases-are-pointed-back", "ask"],
      ["nobody-else-manages-keys", "revert"],
    ]);
  });

  it.each<[string, string, ChangeFacts, Requester, string]>([
    ["a stop by a responder", "stop", {}, responder, "notify by responders-may-stop-keys"],
    ["a stop by anyone else", "stop", {}, alice, "notify by none"],
    ["a rotation by the pipeline", "alias", alike, deployer, "allow by deployer-rotates-keys"],
    ["a rotation by a person", "alias", alike, alice, "ask by other-aliases-are-pointed-back"],
    ["a rotation by someone unknown", "alias", alike, { kind: "unknown" }, "notify by none"],
    ["a rotation by a role whose record names no id", "alias", alike, session("ci/key-deployer"), "notify by none"],
    [
      "another key under the alias, by the pipeline",
      "alias",
      { alike: ["false"] },
      deployer,
      "ask by other-aliases-are-pointed-back",
    ],
    ["a change of an alias that is not understood", "alias", {}, deployer, "notify by none"],
    ["a grant of management", "resource-policy", { manages: ["true"] }, alice, "revert by nobody-else-manages-keys"],
    ["a grant of use", "resource-policy", { manages: ["false"] }, alice, "notify by none"],
    ["a policy that is not shown", "resource-policy", { readable: ["false"] }, alice, "notify by none"],
    ["tags", "labels", { tag: ["Environment"], decision: ["other"] }, alice, "notify by none"],
    ["a removed Region", "replication", { region: ["us-west-2"], removes: ["true"] }, alice, "notify by none"],
  ])("%s", (_, operation, change, identity, verdict) => {
    const facts = { key, change, requester: requestBy(identity) };
    const { outcome, rule } = judgeChange(policy, { operation, weight: "notable", facts, hasKey: true });
    expect(`${outcome} by ${rule}`).toBe(verdict);
  });
});
