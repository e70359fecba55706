import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { deletionIn } from "../../../cli/policy/deletion-facts.ts";
import { parseQueueMessage } from "../../../lib/aws/cloudtrail/event.ts";
import { decide } from "../../../lib/domain/policy/decide.ts";
import { compilePolicy, type Policy } from "../../../lib/domain/policy/policy.ts";
import { readPolicyYaml } from "../../../lib/domain/policy/yaml/policy-yaml.ts";

const stack = { account: "111122223333", region: "us-east-1" };
const text = (file: string) => readFileSync(new URL(`inputs/${file}`, import.meta.url), "utf8");
const message = (file: string) => parseQueueMessage(text(file), stack);

/** The ids of the rules with a fault and the field of each; or the place itself outside of the rules. */
function faultsOf(source: string): readonly string[] {
  const read = readPolicyYaml(source);
  const ids = [...source.matchAll(/- id: (\S+)/g)].map(([, id = ""]) => id);
  const place = (field: string) => field.replace(/^rules\.(\d+)\.when\./, (_, n) => `${ids[Number(n)]} `);
  return read.ok ? [] : read.faults.map(({ field }) => place(field));
}

function warningsOf(file: string): readonly string[] {
  const read = readPolicyYaml(text(file));
  return read.ok ? read.warnings.map(({ field }) => field) : ["has faults"];
}

/** What a policy says of the deletion in an event. */
function outcomeOf(policy: Policy, event: string): string {
  const deletion = deletionIn(JSON.parse(text(event)));
  if (typeof deletion === "string") return deletion;
  const verdict = decide(policy, deletion.facts);
  return verdict.kind === "needs" ? "needs facts" : `${verdict.decision.effect.outcome} by ${verdict.decision.rule}`;
}

describe("a policy whose rules can never match", () => {
  it("is refused, with every such rule", () => {
    expect(faultsOf(text("policy-rules-that-never-match.yaml"))).toEqual([
      "star-role requester.role",
      "user-is-a-role requester.user",
      "user-is-sts requester.user",
      "root-as-user requester.user",
      "group requester.user",
      "sso-with-suffix requester.permissionSet",
      "sso-role-without-path requester.role",
      "wrong-region region",
      "short-kcv key.kcv",
    ]);
  });

  it("is refused where the rule that never matches is the one that protects", () => {
    expect(faultsOf(text("policy-protective-rule-never-matches.yaml"))).toEqual(["the-admins-never requester.role"]);
  });

  it("is refused for its silent mistakes", () => {
    expect(faultsOf(text("policy-with-silent-mistakes.yaml"))).toEqual([
      "assumed-role-arn requester.role",
      "govcloud requester.role",
      "reserved-name requester.permissionSet",
      "keyalias-arn key.arn",
      "trailing-slash requester.role",
    ]);
  });

  it("is refused for a pattern of roles whose source identity is believed", () => {
    expect(faultsOf(text("shipped-enforced.yaml"))).toEqual(["trust.sourceIdentityFrom.0"]);
  });
});

describe("a policy with wildcards", () => {
  const read = readPolicyYaml(text("allow-by-permission-set.yaml"));
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  const policy = compilePolicy(read.document, "f".repeat(64));

  it("is warned of a wildcard over accounts that weakens", () => {
    expect(warningsOf("allow-by-permission-set.yaml")).toEqual(["rules.1.when.requester.role"]);
  });

  it.each([
    ["a role of the same name without the path", "key-reaper.json"],
    ["a role below another path", "role-path-evil.json"],
    ["a role that is written with nulls", "identity-with-nulls.json"],
  ])("lets no deletion pass by %s", (_, event) => {
    expect(outcomeOf(policy, event)).toBe("restore by default");
  });

  it("lets no role of a path below match a pattern of names", () => {
    const head = text("policy-with-silent-mistakes.yaml").split("rules:")[0] ?? "";
    const rule = '{ id: a, when: { requester: { role: "arn:aws:iam::111122223333:role/reaper*" } }, then: allow }';
    const prefix = readPolicyYaml(`${head}rules: [${rule}]\n`);
    if (!prefix.ok) throw new Error(JSON.stringify(prefix.faults));
    const compiled = compilePolicy(prefix.document, "f".repeat(64));
    expect(outcomeOf(compiled, "role-path-evil.json")).toBe("restore by default");
    expect(outcomeOf(compiled, "identity-with-nulls.json")).toBe("allow by a");
  });
});

describe("an event", () => {
  it("names its requester, though other members are null", () => {
    expect(message("identity-with-nulls.json")).toMatchObject({
      kind: "deletion",
      request: {
        requester: { kind: "role-session", roleArn: "arn:aws:iam::111122223333:role/reaper", roleId: "AROAX" },
      },
    });
  });

  it("names its key, though the ARN has no account, as a hint", () => {
    const arn = "arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h";
    expect(message("key-arn-without-account.json")).toMatchObject({
      kind: "deletion",
      request: { target: { kind: "hint", arn } },
    });
  });

  it("names a role whose path imitates another as what it is", () => {
    const { request } = message("role-path-evil.json") as { request: { requester: object } };
    expect(request.requester).toMatchObject({ roleArn: "arn:aws:iam::111122223333:role/reaper-team/anything-at-all" });
    expect(request.requester).not.toHaveProperty("permissionSet");
  });
});
