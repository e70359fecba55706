import { describe, expect, it } from "vitest";
import { decide } from "../../../lib/domain/policy/decide.ts";
import { policyWith } from "../../doubles/guard.ts";
import { keyArn } from "../../doubles/key-world.ts";
import { alice, factsOf, key, reaper, reaperArn, requestBy, unknown } from "../../doubles/policy-facts.ts";

const approval = { from: "custodians", quorum: 2, within: "24h" };
const cardKeys = { key: { usage: "TR31_C0_*" } };
const byReaper = { requester: { role: reaperArn } };
const restored = { outcome: "restore", usage: "resume" };
const asked = {
  outcome: "ask",
  usage: "resume",
  approval: { from: "custodians", quorum: 2, withinMs: 86_400_000, meanwhile: "restored", permitForMs: 86_400_000 },
};

describe("ordered rules", () => {
  it("the first that matches decides, with the reasons that the others did not", () => {
    const policy = policyWith([
      { id: "pin", when: { key: { usage: "TR31_P0_*" } }, then: "ask", approval },
      { id: "elsewhere", when: { ...cardKeys, region: "eu-*" }, then: "allow" },
      { id: "card", when: cardKeys, then: "restore", usage: "leave-disabled" },
      { id: "all", when: {}, then: "restore" },
    ]);
    expect(decide(policy, factsOf())).toEqual({
      kind: "decided",
      decision: {
        effect: { outcome: "restore", usage: "leave-disabled" },
        rule: "card",
        passedOver: [
          { rule: "pin", failed: "key.usage" },
          { rule: "elsewhere", failed: "region" },
        ],
      },
    });
  });

  it("the default decides where none matches, and where there are none", () => {
    const elsewhere = { id: "elsewhere", when: { region: "eu-*" }, then: "allow" };
    const decision = { effect: restored, rule: "default", passedOver: [{ rule: "elsewhere", failed: "region" }] };
    expect(decide(policyWith([elsewhere]), factsOf())).toEqual({ kind: "decided", decision });
    expect(decide(policyWith(), factsOf())).toMatchObject({ decision: { rule: "default", passedOver: [] } });
    expect(decide(policyWith([], { default: { ask: { approval } } }), factsOf())).toMatchObject({
      decision: { rule: "default", effect: asked },
    });
  });

  it("costs the same for ten thousand keys as for one", () => {
    const arns = Array.from({ length: 10_000 }, (_, n) => `${key.arn.slice(0, -5)}${10_000 + n}`);
    const policy = policyWith([{ id: "listed", when: { key: { arn: [...arns, key.arn] } }, then: "allow" }]);
    expect(decide(policy, factsOf())).toMatchObject({ decision: { rule: "listed" } });
    expect(decide(policy, { key: { ...key, arn: keyArn("unlisted00000000") } })).toMatchObject({
      decision: { rule: "default" },
    });
  });
});

describe("facts that are missing", () => {
  const tags = { ...byReaper, key: { tags: { Environment: "dev" } } };
  const alias = { ...byReaper, key: { alias: "alias/test/*" } };
  const byTags = { id: "tags", when: tags, then: "allow" };
  const byAlias = { id: "alias", when: alias, then: "allow" };

  it("are asked for rule by rule: the second rule's only once the first has failed", () => {
    const policy = policyWith([byTags, byAlias]);
    const facts = factsOf({ requester: requestBy(reaper) });
    expect(decide(policy, facts)).toEqual({ kind: "needs", facts: ["tags"] });
    expect(decide(policy, { ...facts, tags: { Environment: "dev" } })).toMatchObject({ decision: { rule: "tags" } });
    expect(decide(policy, { ...facts, tags: {} })).toEqual({ kind: "needs", facts: ["aliases"] });
    expect(decide(policy, { ...facts, tags: {}, aliases: [] })).toMatchObject({
      decision: {
        rule: "default",
        passedOver: [
          { rule: "tags", failed: "key.tags.Environment" },
          { rule: "alias", failed: "key.alias" },
        ],
      },
    });
  });

  it("are not asked for once an earlier rule decides", () => {
    const policy = policyWith([{ id: "card", when: cardKeys, then: "restore" }, byTags]);
    expect(decide(policy, factsOf())).toMatchObject({ kind: "decided", decision: { rule: "card" } });
  });

  it("are named together with the decision that they cannot change", () => {
    const policy = policyWith([{ ...byTags, then: "restore" }]);
    const regardless = {
      effect: restored,
      rule: "default",
      passedOver: [{ rule: "tags", failed: "requester.role (not read)" }],
    };
    expect(decide(policy, factsOf())).toEqual({ kind: "needs", facts: ["requester", "tags"], regardless });
  });

  it("leave nothing certain when effects differ in anything", () => {
    const member = (name: string) => ({ aws: [name], groups: ["a", "b"] });
    const groups = { alice: member("alice"), bob: member("bob"), carol: member("carol") };
    const first = { from: "a", quorum: 1, within: "24h", meanwhile: "restored" };
    const certain = (change: object, usage = "resume") => {
      const rules = [
        { id: "one", when: byReaper, then: "ask", approval: first },
        { id: "two", when: {}, then: "ask", usage, approval: { ...first, ...change } },
      ];
      const verdict = decide(policyWith(rules, { people: groups }), factsOf());
      return verdict.kind === "needs" && verdict.regardless !== undefined;
    };
    expect(certain({})).toBe(true);
    for (const change of [{ from: "b" }, { quorum: 2 }, { within: "25h" }, { meanwhile: "pending" }])
      expect(certain(change)).toBe(false);
    expect(certain({}, "leave-disabled")).toBe(false);
  });
});

describe("facts that settle nothing", () => {
  const mixed = ["alias/prod/a", "alias/test/x"];

  it("open no allowlist: an alias added to a production key", () => {
    const policy = policyWith([{ id: "test", when: { ...byReaper, key: { alias: "alias/test/*" } }, then: "allow" }]);
    const facts = factsOf({ requester: requestBy(reaper) });
    expect(decide(policy, { ...facts, aliases: ["alias/test/x"] })).toMatchObject({ decision: { rule: "test" } });
    expect(decide(policy, { ...facts, aliases: mixed })).toMatchObject({
      decision: { effect: restored, rule: "default", passedOver: [{ rule: "test", failed: "key.alias (contested)" }] },
    });
  });

  it("escape no protection: one protected alias among others", () => {
    const rules = [
      { id: "protected", when: { key: { alias: "alias/prod/*" } }, then: "restore" },
      { id: "reaper", when: byReaper, then: "allow" },
    ];
    const facts = factsOf({ requester: requestBy(reaper), aliases: mixed });
    expect(decide(policyWith(rules), facts)).toEqual({
      kind: "decided",
      decision: { effect: restored, rule: "protected", passedOver: [] },
    });
  });

  it("an unknown requester is neither allowlisted nor out of reach of a rule that protects", () => {
    const allow = { id: "reaper", when: byReaper, then: "allow" };
    const facts = factsOf({ requester: requestBy(unknown) });
    expect(decide(policyWith([allow]), facts)).toMatchObject({ decision: { effect: restored, rule: "default" } });
    const rules = [
      { id: "admins", when: { requester: { permissionSet: "*Admin" } }, then: "ask", approval },
      { id: "card", when: cardKeys, then: "allow" },
    ];
    expect(decide(policyWith(rules), facts)).toMatchObject({ decision: { effect: asked, rule: "admins" } });
    expect(decide(policyWith(rules), factsOf({ requester: requestBy(reaper) }))).toMatchObject({
      decision: { rule: "card" },
    });
  });

  it("the strictest of several contested rules decides", () => {
    const rules = [
      {
        id: "one",
        when: { requester: { account: "444455556666" } },
        then: "ask",
        approval: { ...approval, quorum: 1 },
      },
      { id: "two", when: { requester: { person: "alice" } }, then: "ask", approval },
      { id: "three", when: { requester: { mfa: false } }, then: "allow" },
      { id: "four", when: {}, then: "ask", approval: { ...approval, quorum: 1, meanwhile: "pending" } },
    ];
    const decision = {
      rule: "two",
      effect: asked,
      passedOver: [{ rule: "one", failed: "requester.account (contested)" }],
    };
    expect(decide(policyWith(rules), factsOf({ requester: requestBy(unknown) }))).toEqual({
      kind: "decided",
      decision,
    });
  });

  it("a tie goes to the rule that certainly holds", () => {
    const rules = [{ id: "contested", when: { requester: { person: "alice" } }, then: "restore" }];
    expect(decide(policyWith(rules), factsOf({ requester: requestBy(unknown) }))).toMatchObject({
      decision: { rule: "default" },
    });
  });

  it("are carried over to what is certain while other facts are missing", () => {
    const rules = [
      { id: "contested", when: { requester: { person: "alice" } }, then: "restore" },
      { id: "tags", when: { key: { tags: { Environment: "dev" } } }, then: "ask", approval },
      { id: "rest", when: {}, then: "ask", approval },
    ];
    expect(
      decide(policyWith(rules, { default: { ask: { approval } } }), factsOf({ requester: requestBy(unknown) })),
    ).toEqual({
      kind: "needs",
      facts: ["tags"],
      regardless: { effect: restored, rule: "contested", passedOver: [] },
    });
  });

  it("do not matter to a rule that fails anyway", () => {
    const when = { requester: { person: "alice" }, key: { alias: "alias/test/*" } };
    const policy = policyWith([{ id: "a", when, then: "allow" }]);
    const facts = factsOf({ requester: requestBy(unknown), aliases: ["alias/prod/a"] });
    expect(decide(policy, facts)).toMatchObject({ decision: { passedOver: [{ rule: "a", failed: "key.alias" }] } });
  });

  it("settled facts decide as before", () => {
    const policy = policyWith([{ id: "alice", when: { requester: { person: "alice" } }, then: "allow" }]);
    expect(decide(policy, factsOf({ requester: requestBy(alice) }))).toMatchObject({ decision: { rule: "alice" } });
  });
});
