import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../lib/domain/policy/parse.ts";

const keyArn = "arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h";
const role = "arn:aws:iam::111122223333:role/ci/key-reaper";
const approval = { from: "custodians", quorum: 1, within: "24h" };
const member = (name: string) => ({ aws: [`${name}@example.com`], groups: ["custodians"] });
const people = { alice: member("alice"), bob: member("bob"), carol: member("carol") };

/** Every fault of a policy with `top` put over a sound one, as `path: message`. */
function faultsOf(top: object): readonly string[] {
  const result = parsePolicy({ version: 1, mode: "enforce", default: "restore", people, ...top });
  return result.ok ? [] : result.faults.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

const faultsOfRule = (rule: object, top: object = {}) =>
  faultsOf({ ...top, rules: [{ id: "a", when: { key: { arn: keyArn } }, then: "restore", ...rule }] });

describe("the shape of a policy", () => {
  it("names every field that is missing", () => {
    const result = parsePolicy({ rules: [{}] });
    expect(result.ok ? [] : result.faults.map(({ path }) => path.join("."))).toEqual([
      "version",
      "mode",
      "default",
      "rules.0.id",
      "rules.0.then",
      "rules.0.when",
    ]);
  });

  it.each<[string, boolean]>([
    ["5m", true],
    ["4m", false],
    ["30d", true],
    ["720h", true],
    ["721h", false],
    ["24", false],
    ["1.5h", false],
    ["-24h", false],
    ["24H", false],
    [" 24h", false],
    ["99999m", false],
  ])("an approval within %s", (within, sound) => {
    const fault = "rules.0.approval.within: expected a duration from 5m to 30d, such as 24h";
    expect(faultsOfRule({ then: "ask", approval: { ...approval, within } })).toEqual(sound ? [] : [fault]);
  });

  it.each([
    [50, []],
    [51, ["rules.0.approval.from: `custodians` has 51 people; expected at most 50 in a group that decides"]],
  ])("an approval by a group of %i people", (size, faults) => {
    const many = Object.fromEntries(Array.from({ length: size }, (_, n) => [`p${n}`, member(`p${n}`)]));
    expect(faultsOfRule({ then: "ask", approval }, { people: many })).toEqual(faults);
  });

  it("an approval by a group with a long name", () => {
    const from = "g".repeat(65);
    const fault = "rules.0.approval.from: expected at most 64 characters";
    expect(faultsOfRule({ then: "ask", approval: { ...approval, from } })).toEqual([fault]);
  });

  it.each([0, -1, 1.5, "2"])("an approval by %j persons", (quorum) => {
    expect(faultsOfRule({ then: "ask", approval: { ...approval, quorum } })).toHaveLength(1);
  });

  it("gives an approval its defaults and its durations in ms", () => {
    const result = parsePolicy({
      version: 1,
      mode: "observe",
      default: "restore",
      people,
      rules: [{ id: "a", when: { region: "us-east-1" }, then: "ask", approval }],
    });
    expect(result).toMatchObject({
      ok: true,
      document: { rules: [{ approval: { from: "custodians", quorum: 1, within: 86_400_000, meanwhile: "restored" } }] },
    });
  });
});

describe("who may pause the guard", () => {
  const faultsOfPause = (pause: object, top: object = {}) => faultsOf({ pause, ...top });

  it.each([{ from: "custodians" }, { from: "custodians", atMost: "5m" }, { from: "custodians", atMost: "12h" }])(
    "may be %j",
    (pause) => {
      expect(faultsOfPause(pause)).toEqual([]);
    },
  );

  it.each<[object, string]>([
    [{}, "pause.from: is missing"],
    [{ from: "custodians", atMost: "13h" }, "pause.atMost: expected a pause of at most 12h"],
    [{ from: "custodians", atMost: "1m" }, "pause.atMost: expected a duration from 5m to 30d, such as 24h"],
    [{ from: "nobody" }, "pause.from: a pause takes two people of `nobody` with an AWS identity, and there is none"],
    [{ from: "custodians", owner: "me" }, "pause.owner: there is no such field"],
  ])("may not be %j", (pause, fault) => {
    expect(faultsOfPause(pause)).toEqual([fault]);
  });

  it("has to be two who can prove by AWS who they are: Slack has no button for it", () => {
    const inSlack = { bob: { slack: "U0BOB", groups: ["custodians"] } };
    expect(faultsOfPause({ from: "custodians" }, { people: { alice: member("alice"), ...inSlack } })).toEqual([
      "pause.from: a pause takes two people of `custodians` with an AWS identity, and there is one",
    ]);
  });
});

describe("the sense of a rule", () => {
  it.each<[string, object]>([
    ["persons by a glob", { when: { requester: { person: "a*" } } }],
    ["a quorum of 2 of 3", { then: "ask", approval: { ...approval, quorum: 2 } }],
    ["as many days at least as at most", { when: { request: { waitingDays: { atLeast: 7, atMost: 7 } } } }],
    ["a name of 64 characters", { id: "a".repeat(64) }],
    ["nothing to read, where the key is restored", { when: {} }],
  ])("allows %s", (_, rule) => {
    expect(faultsOfRule(rule)).toEqual([]);
  });

  it.each<[string, string, string, string]>([
    ["usage", "TR31_P0_PIN_KEY", "TR31_P0_PIN_ENCRYPTION_KEY", "TR31_P*"],
    ["class", "SYMETRIC_KEY", "SYMMETRIC_KEY", "*_KEY"],
    ["algorithm", "AES-256", "AES_256", "AES_???"],
    ["origin", "AWS", "AWS_PAYMENT_CRYPTOGRAPHY", "AWS*"],
  ])("a %s the service does not know is named with the nearest one", (field, typo, nearest, glob) => {
    const fault = `rules.0.when.key.${field}: the service knows no ${field} \`${typo}\`; did you mean \`${nearest}\``;
    expect(faultsOfRule({ when: { key: { [field]: typo } } })).toEqual([fault]);
    expect(faultsOfRule({ when: { key: { [field]: [nearest, glob] } } })).toEqual([]);
  });
});

describe("an outcome that who may tag could choose for himself", () => {
  const tags = { Environment: "dev" };
  const allow = (when: object) => faultsOfRule({ when, then: "allow" }, { trust: { accounts: ["111122223333"] } });

  it.each<[string, object]>([
    ["tags alone", { key: { tags } }],
    ["aliases alone", { key: { alias: "alias/test/*" } }],
    ["tags and what many keys share", { key: { tags, usage: "TR31_C*", exportable: true }, region: "us-east-1" }],
    ["tags and a waiting period", { key: { tags }, request: { waitingDays: { atLeast: 30 } } }],
    ["tags and a requester who is merely known", { key: { tags }, requester: { known: true, mfa: true } }],
    [
      "tags and an account or network",
      { key: { tags }, requester: { account: "111122223333", network: "10.0.0.0/8" } },
    ],
    ["tags and any role", { key: { tags }, requester: { role: "*" } }],
    ["tags and any role of an account", { key: { tags }, requester: { role: "arn:aws:iam::111122223333:role/*" } }],
    ["tags and any user", { key: { tags }, requester: { user: "arn:aws:iam::111122223333:user/*" } }],
    ["tags and any person", { key: { tags }, requester: { person: "*" } }],
    ["tags and any permission set", { key: { tags }, requester: { permissionSet: "?*" } }],
    ["tags and any key", { key: { tags, arn: "arn:aws:payment-cryptography:*:*:key/*" } }],
    ["tags and any kcv", { key: { tags, kcv: "A*" } }],
  ])("is refused: %s", (_, when) => {
    expect(allow(when)).toEqual([expect.stringMatching(/^rules\.0\.when: .* who may tag can often delete; add /)]);
  });

  it.each<[string, object]>([
    ["a role", { requester: { role } }],
    ["roles of a path", { requester: { role: "arn:aws:iam::111122223333:role/ci/*" } }],
    ["a role by its unique id", { requester: { role: "AROAREAPERSEXAMPLE00" } }],
    ["a user", { requester: { user: "arn:aws:iam::111122223333:user/bob" } }],
    ["a person", { requester: { person: "alice" } }],
    ["a permission set", { requester: { permissionSet: "PaymentsAdmin" } }],
    ["a key", { key: { arn: keyArn } }],
    ["a kcv", { key: { kcv: "A486ED" } }],
  ])("is accepted with %s", (_, anchor) => {
    expect(allow({ ...anchor, key: { tags, alias: "alias/test/*", ...(anchor as { key?: object }).key } })).toEqual([]);
  });

  const when = { key: { tags } };
  const ask = (change: object = {}) => ({ when, then: "ask", approval: { ...approval, ...change } });
  const later = (change: object) => ({ ...ask(change), id: "later", when: {} });

  it.each<[string, object, object]>([
    ["restored, but left disabled", { when, then: "restore", usage: "leave-disabled" }, {}],
    ["asked, where the default restores", ask(), {}],
    ["a lower quorum than a later rule's", ask(), { rules: [later({ quorum: 2 })] }],
    ["pending, where a later rule restores", ask({ meanwhile: "pending" }), { rules: [later({})] }],
    ["more time than a later rule gives", ask({ within: "48h" }), { rules: [later({})] }],
  ])("is weaker when %s", (_, rule, { rules = [] }: { rules?: readonly object[] }) => {
    const top = rules.length > 0 ? { default: { ask: { approval } } } : {};
    expect(faultsOf({ ...top, rules: [{ id: "a", ...rule }, ...rules] })).toHaveLength(1);
  });

  it("is no concern where it protects the key as much as all that follows", () => {
    expect(faultsOfRule({ when, then: "restore" })).toEqual([]);
    const top = { default: { ask: { approval } } };
    expect(faultsOf({ ...top, rules: [{ id: "a", ...ask({ quorum: 2 }) }, later({})] })).toEqual([]);
    expect(faultsOf({ ...top, rules: [later({ quorum: 2 }), { id: "a", ...ask() }] })).toEqual([]);
  });
});
