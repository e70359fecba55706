import { describe, expect, it } from "vitest";
import type { Requester } from "../../../lib/domain/people/requester.ts";
import { decide } from "../../../lib/domain/policy/decide.ts";
import { parsePolicy } from "../../../lib/domain/policy/parse.ts";
import { readPolicyYaml } from "../../../lib/domain/policy/yaml/policy-yaml.ts";
import { policyWith } from "../../doubles/guard.ts";
import { alice, factsOf, key, reaper, reaperArn, requestBy, unknown } from "../../doubles/policy-facts.ts";

const approval = { from: "custodians", quorum: 2, within: "24h" };
const custodian = (slack: string) => ({ slack, groups: ["custodians"] });
const people = { alice: custodian("U0ALICE"), bob: custodian("U0BOB"), carol: custodian("U0CAROL") };
const parse = (rules: readonly object[], top: object = {}) =>
  parsePolicy({ version: 1, mode: "enforce", default: "restore", people, rules, ...top });
const isSound = (when: object) => parse([{ id: "a", when, then: "allow" }]).ok;

describe("a condition is never dropped", () => {
  it.each(["prototype", "constructor"])("a tag called %s", (tag) => {
    const rule = { id: "a", when: { requester: { role: reaperArn }, key: { tags: { [tag]: "yes" } } }, then: "allow" };
    if (!parse([rule]).ok) return;
    const facts = factsOf({ requester: requestBy(reaper), tags: {} });
    expect(decide(policyWith([rule]), facts)).toMatchObject({ decision: { effect: { outcome: "restore" } } });
  });

  it.each([{ key: [] }, { key: { tags: [] } }, { key: { tags: ["Environment"] } }, { requester: [] }, { request: [] }])(
    "a list where fields are expected: %j",
    (part) => {
      expect(parse([{ id: "a", when: { region: "us-east-1", ...part }, then: "restore" }]).ok).toBe(false);
    },
  );

  it("people in a list", () => {
    expect(parse([], { people: [custodian("U0ALICE")] }).ok).toBe(false);
  });
});

describe("decide is total", () => {
  const rules = Array.from({ length: 10_000 }, (_, n) => ({
    id: `rule-${n}`,
    when: { requester: { user: `arn:aws:iam::111122223333:user/u${n}` } },
    then: "allow",
  }));

  it("over ten thousand rules that a missing or unknown requester leaves open", () => {
    const policy = policyWith(rules);
    expect(decide(policy, factsOf()).kind).toBe("needs");
    expect(decide(policy, factsOf({ requester: requestBy(unknown) }))).toMatchObject({ decision: { rule: "default" } });
  });
});

describe("facts are fetched only if they matter", () => {
  const test = { requester: { role: reaperArn }, key: { tags: { Environment: "dev" }, alias: "alias/test/*" } };

  it("not for an allowlist entry that an unknown requester cannot use", () => {
    const policy = policyWith([{ id: "reaper", when: test, then: "allow" }]);
    expect(decide(policy, factsOf({ requester: requestBy(unknown) }))).toMatchObject({
      kind: "decided",
      decision: { rule: "default", passedOver: [{ rule: "reaper", failed: "requester.role (contested)" }] },
    });
  });

  it("what a contested rule makes certain is certain, whatever follows", () => {
    const rules = [
      { id: "alice", when: { requester: { person: "alice" } }, then: "restore" },
      { id: "tags", when: { key: { arn: key.arn, tags: { Environment: "dev" } } }, then: "allow" },
    ];
    const policy = policyWith(rules, { default: { ask: { approval } } });
    expect(decide(policy, factsOf({ requester: requestBy(unknown) }))).toMatchObject({
      kind: "needs",
      facts: ["tags"],
      regardless: { rule: "alice", effect: { outcome: "restore", usage: "resume" } },
    });
  });
});

describe("what a record does not say escapes no protection", () => {
  const { roleId: _, ...withoutId } = reaper;
  const { sessionName: _name, ...withoutName } = alice;
  const foreign: Requester = { kind: "account", account: "444455556666" };
  const federated: Requester = {
    kind: "federated-user",
    account: "111122223333",
    arn: "arn:aws:sts::111122223333:federated-user/anything",
  };

  it.each<[string, object, Requester]>([
    ["a role by its unique id, of a session without one", { role: "AROAREAPERSEXAMPLE00" }, withoutId],
    [
      "an account, of a user of Identity Center without one",
      { account: "111122223333" },
      { kind: "identity-center-user", userId: "u" },
    ],
    ["an account, of a service without one", { account: "111122223333" }, { kind: "service", service: "s" }],
    ["a role, of an account that hides who called", { role: "arn:aws:iam::444455556666:role/x" }, foreign],
    ["a user, of an account that hides who called", { user: "arn:aws:iam::444455556666:user/x" }, foreign],
    ["a user, of a session that a user has federated", { user: "arn:aws:iam::111122223333:user/x" }, federated],
    ["a person, of a session that a user has federated", { person: "alice" }, federated],
    ["a person, of a user of Identity Center", { person: "alice" }, { kind: "identity-center-user", userId: "u" }],
    ["a person, of a session of Identity Center without a name", { person: "alice" }, withoutName],
    [
      "a permission set in an account that is not trusted",
      { permissionSet: "Payments*" },
      { ...alice, account: "444455556666" },
    ],
  ])("%s", (_case, requester, person) => {
    const rules = [
      { id: "protected", when: { requester }, then: "restore" },
      { id: "rest", when: { key: { usage: "TR31_C0_*" } }, then: "allow" },
    ];
    expect(decide(policyWith(rules), factsOf({ requester: requestBy(person) }))).toMatchObject({
      decision: { rule: "protected" },
    });
  });
});

describe("an unknown requester is never allowlisted", () => {
  it("by the network the call came from", () => {
    const policy = policyWith([{ id: "office", when: { requester: { network: "203.0.113.0/24" } }, then: "allow" }]);
    expect(decide(policy, factsOf({ requester: requestBy(unknown) }))).toMatchObject({ decision: { rule: "default" } });
  });
});

describe("who may tag chooses no outcome for himself", () => {
  const tags = { Environment: "dev" };

  it.each<[string, object]>([
    ["one named role among all roles", { requester: { role: [reaperArn, "*"] } }],
    [
      "one named role among those of an account",
      { requester: { role: [reaperArn, "arn:aws:iam::111122223333:role/*"] } },
    ],
    ["one named key among all keys", { key: { arn: [key.arn, "*"] } }],
    ["one named person among all", { requester: { person: ["alice", "*"] } }],
    ["any principal that has an ARN", { requester: { role: "arn:*" } }],
    ["any role, said otherwise", { requester: { role: "*:role*" } }],
    ["any user", { requester: { user: "arn:aws:iam::111122223333:*" } }],
  ])("%s is no anchor", (_, anchor) => {
    expect(isSound({ ...anchor, key: { tags, ...(anchor as { key?: object }).key } })).toBe(false);
  });

  it("a role by its unique id alone is an anchor: it names one role, and none that comes after it", () => {
    expect(isSound({ requester: { roleId: "AROAREAPERSEXAMPLE00" }, key: { tags } })).toBe(true);
  });

  it("a tag leaves no key disabled that would be asked for and work (attack 6)", () => {
    const rules = [
      {
        id: "compromised",
        when: { key: { tags: { Status: "compromised" } } },
        then: "restore",
        usage: "leave-disabled",
      },
      { id: "pin", when: { key: { usage: "TR31_P0_*" } }, then: "ask", approval },
    ];
    expect(parse(rules, { default: { ask: { approval } } }).ok).toBe(false);
  });

  it("a tag lowers no quorum, though the key works meanwhile", () => {
    const rules = [
      { id: "tag", when: { key: { tags } }, then: "ask", approval: { ...approval, quorum: 1 } },
      { id: "rest", when: {}, then: "ask", approval: { ...approval, meanwhile: "pending" } },
    ];
    expect(parse(rules, { default: { ask: { approval: { ...approval, meanwhile: "pending" } } } }).ok).toBe(false);
  });
});

describe("a policy file is YAML 1.2 without surprises", () => {
  const sound = "version: 1\nmode: enforce\ndefault: restore\n";

  it("has no directive that brings back YAML 1.1, its merge keys and its `yes`", () => {
    expect(readPolicyYaml(`%YAML 1.1\n---\n${sound}<<: { rules: [] }\n`).ok).toBe(false);
    expect(readPolicyYaml(`%YAML 1.1\n---\n${sound}`).ok).toBe(false);
  });

  it("has no two fields that become one", () => {
    const rule = "rules: [{ id: a, then: restore, when: { key: { tags: { 1: dev, '1': prod } } } }]\n";
    expect(readPolicyYaml(sound + rule).ok).toBe(false);
  });
});

describe("faults say what was expected, where it was expected, and all at once", () => {
  const faultsOf = (when: object) => {
    const result = parse([{ id: "a", when, then: "restore" }]);
    return result.ok ? [] : result.faults.map(({ path, message }) => `${path.join(".")}: ${message}`);
  };

  it("an account id without its quotes", () => {
    expect(faultsOf({ account: 111122223333 })).toEqual([expect.stringContaining("in quotes")]);
  });

  it("a kcv without its quotes", () => {
    expect(faultsOf({ key: { kcv: 486300 } })).toEqual([expect.stringContaining("in quotes")]);
  });

  it("the place in a list", () => {
    const window = { days: ["mon", "monday"], timeZone: "UTC" };
    expect(faultsOf({ request: { window } })).toEqual([
      expect.stringMatching(/^rules\.0\.when\.request\.window\.days\.1: /),
    ]);
  });
});
