import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../lib/domain/policy/parse.ts";
import { readPolicyYaml } from "../../../lib/domain/policy/yaml/policy-yaml.ts";

const shipped = readFileSync(new URL("../../../policy/policy.yaml", import.meta.url), "utf8");
const local = readFileSync(new URL("../../../local/policy.yaml", import.meta.url), "utf8");

const head = `version: 1
mode: enforce
default: restore
people:
  alice: { slack: U0ALICE, aws: [alice@example.com], groups: [custodians] }
  bob: { slack: U0BOB, aws: [bob@example.com], groups: [custodians] }
  carol: { slack: U0CAROL, aws: [carol@example.com], groups: [custodians] }
rules:
`;
const bare = head.replace("rules:", "rules: []");
const faultsOf = (text: string) => {
  const read = readPolicyYaml(text);
  return read.ok ? [] : read.faults;
};
const rule = (lines: string) => `${head}  - id: r\n    ${lines.replaceAll("\n", "\n    ")}\n`;
const trusting = (role: string) => `${bare}trust:\n  sourceIdentityFrom: ["${role}"]\n`;
const ask = (approval: string) => rule(`when: { key: { usage: "*" } }\nthen: ask\napproval: ${approval}`);

describe("the policies of this repository", () => {
  it.each([
    ["shipped", shipped, "observe"],
    ["local", local, "enforce"],
  ])("%s: has no fault", (_, text, mode) => {
    expect(faultsOf(text)).toEqual([]);
    const read = readPolicyYaml(text);
    expect(read.ok && read.document.mode).toBe(mode);
  });
});

describe("a role whose source identity is believed", () => {
  it.each([
    "arn:aws:iam::111122223333:role/key-reaper",
    "arn:aws:iam::111122223333:role/ci/eu/key-reaper",
    "AROAREAPEREXAMPLE000",
  ])("is named exactly: %s", (role) => {
    expect(faultsOf(trusting(role))).toEqual([]);
  });

  it("is named exactly in everything that this repository ships", () => {
    const named = [shipped, local].flatMap((text) => /sourceIdentityFrom: (.*)/.exec(text)?.[1] ?? []);
    expect(named.filter((roles) => /[*?]/.test(roles))).toEqual([]);
  });
});

describe("a mistake is named with its line, its field, and what was expected", () => {
  it.each<[string, string, number, string, RegExp]>([
    ["a version of tomorrow", shipped.replace("version: 1", "version: 2"), 10, "version", /expected 1/],
    ["an unknown mode", shipped.replace("mode: observe", "mode: watch"), 13, "mode", /expected observe or enforce/],
    [
      "allow as default",
      shipped.replace("default: restore", "default: allow"),
      14,
      "default",
      /never allows by default/,
    ],
    ["an unknown field", rule("when: {}\nthen: restore\nwen: 1"), 12, "rules.0.wen", /there is no such field/],
    ["a field that is missing", rule("when: {}"), 9, "rules.0.then", /is missing/],
    ["a wrong outcome", rule("when: {}\nthen: forgive"), 11, "rules.0.then", /expected restore, allow or ask/],
    [
      "an unknown condition",
      rule("when: { key: { colour: red } }\nthen: restore"),
      10,
      "rules.0.when.key.colour",
      /no such field/,
    ],
    ["a wrong id", `${head}  - id: My Rule\n    when: {}\n    then: restore\n`, 9, "rules.0.id", /a-z, 0-9 and -/],
    [
      "the id default",
      `${head}  - id: default\n    when: {}\n    then: restore\n`,
      9,
      "rules.0.id",
      /other than default/,
    ],
    [
      "an id twice",
      `${rule("when: {}\nthen: restore")}  - id: r\n    when: {}\n    then: restore\n`,
      12,
      "rules.1.id",
      /earlier rule/,
    ],
    [
      "an unknown usage",
      rule("when: { key: { usage: TR31_P0_PIN_ENCRYPTON_KEY } }\nthen: restore"),
      10,
      "rules.0.when.key.usage",
      /did you mean `TR31_P0_PIN_ENCRYPTION_KEY`/,
    ],
    [
      "an unknown class in a list",
      rule("when: { key: { class: [SYMMETRIC_KEY, SYMETRIC] } }\nthen: restore"),
      10,
      "rules.0.when.key.class",
      /did you mean `SYMMETRIC_KEY`/,
    ],
    [
      "an account without quotes",
      rule("when: { account: 111122223333 }\nthen: restore"),
      10,
      "rules.0.when.account",
      /expected a value|in quotes/,
    ],
    ["an empty list", rule("when: { region: [] }\nthen: restore"), 10, "rules.0.when.region", /at least one value/],
    [
      "an invalid alias",
      rule("when: { key: { alias: test/* } }\nthen: restore"),
      10,
      "rules.0.when.key.alias",
      /begins with alias\//,
    ],
    [
      "a role that is no ARN",
      rule("when: { requester: { role: key-reaper } }\nthen: restore"),
      10,
      "rules.0.when.requester.role",
      /ARN of a role/,
    ],
    [
      "a pattern where a role is trusted by name",
      trusting("arn:aws:iam::111122223333:role/ci/*"),
      10,
      "trust.sourceIdentityFrom.0",
      /this is a pattern, and anyone who may create a role that matches it .*; list each role by its exact ARN or its unique id/,
    ],
    [
      "a pattern of one character there",
      trusting("arn:aws:iam::111122223333:role/ci/key-reape?"),
      10,
      "trust.sourceIdentityFrom.0",
      /this is a pattern/,
    ],
    ["a pattern of ids there", trusting("AROA*"), 10, "trust.sourceIdentityFrom.0", /this is a pattern/],
    ...[
      "key-reaper",
      "arn:aws:iam::111122223333:user/alice",
      "arn:aws:sts::111122223333:assumed-role/key-reaper/s",
      "arn:aws:iam::111122223333:role/ci/",
      "AROA",
    ].map((role): [string, string, number, string, RegExp] => [
      `${role} there`,
      trusting(role),
      10,
      "trust.sourceIdentityFrom.0",
      /expected the exact ARN of a role with its path/,
    ]),
    [
      "an invalid network",
      rule("when: { requester: { network: 203.0.113.0 } }\nthen: restore"),
      10,
      "rules.0.when.requester.network",
      /203\.0\.113\.0\/24/,
    ],
    [
      "a network too narrow",
      rule("when: { requester: { network: 203.0.113.0/33 } }\nthen: restore"),
      10,
      "rules.0.when.requester.network",
      /expected a network/,
    ],
    [
      "a person nobody knows",
      rule("when: { requester: { person: dave } }\nthen: restore"),
      10,
      "rules.0.when.requester.person",
      /no `dave` among people/,
    ],
    [
      "a waiting period the wrong way round",
      rule("when: { request: { waitingDays: { atLeast: 9, atMost: 3 } } }\nthen: restore"),
      10,
      "rules.0.when.request.waitingDays",
      /expected a range/,
    ],
    [
      "a waiting period too long",
      rule("when: { request: { waitingDays: { atLeast: 182 } } }\nthen: restore"),
      10,
      "rules.0.when.request.waitingDays.atLeast",
      /181/,
    ],
    [
      "hours that are none",
      rule("when: { request: { window: { hours: 9-17, timeZone: UTC } } }\nthen: restore"),
      10,
      "rules.0.when.request.window.hours",
      /09:00-17:00/,
    ],
    [
      "an hour that does not exist",
      rule('when: { request: { window: { hours: "09:00-24:01", timeZone: UTC } } }\nthen: restore'),
      10,
      "rules.0.when.request.window.hours",
      /09:00-17:00/,
    ],
    [
      "a window of no length",
      rule('when: { request: { window: { hours: "09:00-09:00", timeZone: UTC } } }\nthen: restore'),
      10,
      "rules.0.when.request.window.hours",
      /09:00-17:00/,
    ],
    [
      "a time zone nobody knows",
      rule("when: { request: { window: { timeZone: Europe/Berlim } } }\nthen: restore"),
      10,
      "rules.0.when.request.window.timeZone",
      /no time zone `Europe\/Berlim`/,
    ],
    [
      "an invalid day",
      rule("when: { request: { window: { days: [monday], timeZone: UTC } } }\nthen: restore"),
      10,
      "rules.0.when.request.window.days.0",
      /expected mon, tue/,
    ],
    ["allow without a condition", rule("when: {}\nthen: allow"), 10, "rules.0.when", /expected conditions/],
    [
      "allow with empty conditions",
      rule("when: { key: {}, request: { waitingDays: {} } }\nthen: allow"),
      10,
      "rules.0.when",
      /expected conditions/,
    ],
    [
      "allow for anyone who is unknown",
      rule("when: { requester: { known: false } }\nthen: allow"),
      10,
      "rules.0.when.requester.known",
      /never allowlisted/,
    ],
    [
      "allow with a usage",
      rule('when: { key: { usage: "*" } }\nthen: allow\nusage: resume'),
      12,
      "rules.0.usage",
      /expected no usage/,
    ],
    [
      "restore with an approval",
      rule('when: { key: { usage: "*" } }\nthen: restore\napproval: { from: custodians, quorum: 1, within: 1h }'),
      12,
      "rules.0.approval",
      /expected no approval/,
    ],
    ["ask without an approval", rule('when: { key: { usage: "*" } }\nthen: ask'), 9, "rules.0", /needs an approval/],
    [
      "a group of nobody",
      ask("{ from: nobody, quorum: 1, within: 1h }"),
      12,
      "rules.0.approval.from",
      /nobody belongs/,
    ],
    [
      "a quorum nobody can reach",
      ask("{ from: custodians, quorum: 3, within: 1h }"),
      12,
      "rules.0.approval.quorum",
      /3 members.*quorum to 4/,
    ],
    [
      "a quorum of none",
      ask("{ from: custodians, quorum: 0, within: 1h }"),
      12,
      "rules.0.approval.quorum",
      /at least 1/,
    ],
    ["too little time", ask("{ from: custodians, quorum: 1, within: 4m }"), 12, "rules.0.approval.within", /5m to 30d/],
    ["too much time", ask("{ from: custodians, quorum: 1, within: 31d }"), 12, "rules.0.approval.within", /5m to 30d/],
    [
      "an invalid duration",
      ask("{ from: custodians, quorum: 1, within: soon }"),
      12,
      "rules.0.approval.within",
      /5m to 30d/,
    ],
    ["a Slack id twice", bare.replace("U0BOB", "U0ALICE"), 6, "people.bob", /`U0ALICE` belongs to `alice` already/],
    ["an identity twice", bare.replace("carol@", "bob@"), 7, "people.carol", /belongs to `bob`/],
    [
      "a default nobody can approve",
      bare.replace("default: restore", "default: { ask: { approval: { from: x, quorum: 1, within: 1h } } }"),
      3,
      "default.ask.approval.from",
      /nobody belongs/,
    ],
    [
      "a key given twice",
      head.replace("mode: enforce", "mode: enforce\nmode: observe"),
      3,
      "",
      /duplicated mapping key/,
    ],
    ["an anchor", head.replace("alice:", "alice: &a"), 5, "", /expected no anchor and no alias/],
    ["a tag", head.replace("version: 1", "version: !!int 1"), 1, "", /tag/],
    ["an invalid name", "{ a: 1 }: 1", 1, "", /expected a name/],
    ["text that is not YAML", "version: 1\nrules: [", 2, "", /./],
    ["nothing", "", 1, "", /expected fields/],
  ])("%s", (_, text, line, field, message) => {
    expect(faultsOf(text)).toContainEqual({
      line,
      column: expect.any(Number),
      field,
      message: expect.stringMatching(message),
    });
  });

  it("all of them at once", () => {
    expect(faultsOf(rule("when: { key: { usage: NO } }\nthen: allow\nusage: resume"))).toHaveLength(2);
  });

  it("a file too long to be a policy is not even read", () => {
    expect(faultsOf("#".repeat(2_000_001))).toMatchObject([
      { line: 1, message: expect.stringMatching(/2000000 characters/) },
    ]);
  });
});

describe("who may tag can often delete", () => {
  const weak = (conditions: string) => faultsOf(rule(`when: ${conditions}\nthen: allow`)).map(({ field }) => field);
  it.each([
    "{ key: { tags: { Environment: test } } }",
    "{ key: { alias: alias/test/* } }",
    "{ key: { alias: alias/test/*, usage: TR31_C0_CARD_VERIFICATION_KEY }, request: { waitingDays: { atLeast: 7 } } }",
    '{ key: { alias: alias/test/*, arn: "*" } }',
    '{ key: { alias: alias/test/* }, requester: { role: "arn:aws:iam::111122223333:role/*" } }',
    '{ key: { alias: alias/test/* }, requester: { user: "arn:aws:iam::111122223333:user/*" } }',
    '{ key: { alias: alias/test/* }, requester: { person: "*" } }',
    "{ key: { alias: alias/test/* }, requester: { known: true } }",
    '{ key: { alias: alias/test/* }, requester: { role: "arn:aws:iam::111122223333:role/?*a*" } }',
  ])("an allow that rests on %s is refused", (conditions) => {
    expect(weak(conditions)).toEqual(["rules.0.when"]);
  });

  it.each([
    '{ key: { tags: { Environment: test }, arn: "arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h" } }',
    '{ key: { alias: alias/test/*, kcv: "A486ED" } }',
    '{ key: { alias: alias/test/* }, requester: { role: "arn:aws:iam::111122223333:role/ci/*" } }',
    "{ key: { alias: alias/test/* }, requester: { role: AROAREAPERSEXAMPLE00 } }",
    '{ key: { alias: alias/test/* }, requester: { user: "arn:aws:iam::111122223333:user/alice" } }',
    "{ key: { alias: alias/test/* }, requester: { person: alice } }",
    "{ key: { alias: alias/test/* }, requester: { permissionSet: Payments* } }",
  ])("one that is anchored by %s is not", (conditions) => {
    expect(weak(conditions)).toEqual([]);
  });

  it("nor a rule that is no weaker than anything after it", () => {
    expect(faultsOf(rule("when: { key: { alias: alias/prod/* } }\nthen: restore"))).toEqual([]);
    const leave = faultsOf(
      rule("when: { key: { tags: { Status: compromised } } }\nthen: restore\nusage: leave-disabled"),
    );
    expect(leave.map(({ field }) => field)).toEqual(["rules.0.when"]);
  });
});

describe("reading is total", () => {
  it("on any JSON", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => typeof parsePolicy(value).ok === "boolean"));
  });

  it("on any text, and on the shipped policy with any line changed", () => {
    const lines = shipped.split("\n");
    fc.assert(fc.property(fc.string(), (text) => typeof readPolicyYaml(text).ok === "boolean"));
    fc.assert(
      fc.property(fc.nat({ max: lines.length - 1 }), fc.string(), (n, text) => {
        const read = readPolicyYaml(lines.with(n, text).join("\n"));
        return read.ok || read.faults.every(({ line, column }) => line >= 1 && column >= 1);
      }),
      { numRuns: 300 },
    );
  });
});
