import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../lib/domain/policy/parse.ts";

const account = "111122223333";

function faultsOf(top: object): readonly string[] {
  const parsed = parsePolicy({ version: 1, mode: "enforce", default: "restore", ...top });
  return parsed.ok ? [] : parsed.faults.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

const identity = (aws: string) => faultsOf({ people: { alice: { aws: [aws] } } });

describe("an identity in AWS", () => {
  it.each(["alice@example.com", "al", `arn:aws:iam::${account}:user/team/alice`, "n".repeat(64)])(
    "may be %s",
    (aws) => {
      expect(identity(aws)).toEqual([]);
    },
  );

  it.each<[string, string]>([
    [`arn:aws:sts::${account}:assumed-role/AWSReservedSSO_A_0/alice@example.com`, "expected `alice@example.com`"],
    [`arn:aws:iam::${account}:role/ci/x`, "is a role, which many may assume"],
    [`arn:aws-us-gov:iam::${account}:user/alice`, "is another partition"],
    [`arn:aws:iam::${account}:user/*`, "is a pattern"],
    [`arn:aws:iam::${account}:root`, "is the root user"],
    ["AROAREAPERSEXAMPLE00", "is an id, and never names a person"],
    ["AIDAALICE00000000000", "is an id, and never names a person"],
    ["Alice Smith", "no session is called `Alice Smith`"],
    ["a", "no session is called `a`"],
    ["mailto:alice", "is neither an ARN nor a name"],
  ])("is named where it can be nobody's: %s", (aws, message) => {
    expect(identity(aws)).toEqual([expect.stringMatching(/^people\.alice\.aws\.0: /)]);
    expect(identity(aws).join()).toContain(message);
  });
});

describe("two people", () => {
  const two = (one: object, other: object) => faultsOf({ people: { alice: one, bob: other } });

  it.each([
    ["Alice@Example.com", "alice@example.com"],
    [`arn:aws:iam::${account}:user/Alice`, `arn:aws:iam::${account}:user/alice`],
  ])("do not differ in letter case only: %s, %s", (one, other) => {
    expect(two({ aws: [one] }, { aws: [other] })).toEqual([
      `people.bob: \`${other}\` differs in letter case only from \`${one}\` of \`alice\`; if they are one person, give both to that one`,
    ]);
  });

  it("do not share an identity, in Slack or in AWS", () => {
    expect(two({ slack: "U0ALICE" }, { slack: "U0ALICE" })).toEqual([
      "people.bob: `U0ALICE` belongs to `alice` already",
    ]);
    expect(two({ aws: ["x@y"] }, { aws: ["x@y"] })).toEqual(["people.bob: `x@y` belongs to `alice` already"]);
  });

  it("may be one person with both spellings", () => {
    expect(faultsOf({ people: { alice: { aws: ["Alice@Example.com", "alice@example.com"] } } })).toEqual([]);
  });
});

describe("the proof that an approval asks for", () => {
  const name = (slack?: string, ...aws: string[]) => ({ ...(slack && { slack }), aws, groups: ["custodians"] });
  const user = (person: string) => `arn:aws:iam::${account}:user/${person}`;
  const asked = (people: object, proof: unknown, trust: object = {}) =>
    faultsOf({
      ...{ people, trust },
      rules: [
        {
          ...{ id: "pin", when: {}, then: "ask" },
          approval: { from: "custodians", quorum: 1, within: "24h", ...(proof !== undefined && { proof }) },
        },
      ],
    });
  const byUser = { alice: name("U0ALICE", user("alice")), bob: name("U0BOB", user("bob")) };
  const byName = { alice: name("U0ALICE", "alice@example.com"), bob: name("U0BOB", "bob@example.com") };

  it.each(["aws", ["aws"], ["slack", "aws"], "slack", undefined])("may be %j", (proof) => {
    expect(asked(byUser, proof)).toEqual([]);
  });

  it("is one of two words", () => {
    expect(asked(byUser, ["awz"])).toEqual(["rules.0.approval.proof.0: expected slack or aws; did you mean `aws`"]);
  });

  it("is an error where an approver has no identity in AWS", () => {
    expect(asked({ ...byUser, carol: name("U0CAROL") }, "aws")).toEqual([
      "rules.0.approval.proof: `carol` of `custodians` could not approve: a vote proven by AWS takes the ARN of an IAM user, or a session's name and its role's id in trust.votersFrom",
    ]);
  });

  it("counts the name of a session only with a role whose sessions may vote", () => {
    expect(asked(byName, "aws")).toEqual([
      expect.stringContaining("`alice` and `bob` of `custodians` could not approve"),
    ]);
    expect(asked(byName, "aws", { votersFrom: ["AROAIDPPEZS35WEXAMPLE"] })).toEqual([]);
  });

  it("is an error where an approver is not in Slack and only Slack counts", () => {
    expect(asked({ ...byUser, carol: name(undefined, user("carol")) }, "slack")).toEqual([
      expect.stringContaining("`carol` of `custodians` could not approve: a vote by Slack takes a Slack member id"),
    ]);
  });
});

describe("every mistake of form", () => {
  it("is named at once, each with what was likely meant", () => {
    const parsed = parsePolicy({
      ...{ version: 1, mode: "enforc", defualt: "restore", default: "resotre", rulez: [] },
      rules: [
        { id: "a", when: { kee: {}, key: { usages: "x", taggs: {} } }, then: "alow", useage: "resume" },
        {
          id: "b",
          when: {},
          then: "ask",
          approval: { form: "custodians", quorum: 1, within: "24h", meanwhile: "restore" },
        },
      ],
    });
    const faults = parsed.ok ? [] : parsed.faults.map(({ path, message }) => `${path.join(".")}: ${message}`);
    expect(faults.toSorted()).toEqual(
      [
        "default: expected restore, or ask with its approval: an allowlist never allows by default; did you mean `restore`",
        "defualt: there is no such field; did you mean `default`",
        "mode: expected observe or enforce; did you mean `enforce`",
        "rules.0.then: expected restore, allow or ask, or notify, revert, ask or allow for other operations; did you mean `allow`",
        "rules.0.useage: there is no such field; did you mean `usage`",
        "rules.0.when.kee: there is no such field; did you mean `key`",
        "rules.0.when.key.taggs: there is no such field; did you mean `tags`",
        "rules.0.when.key.usages: there is no such field; did you mean `usage`",
        "rules.1.approval.form: there is no such field; did you mean `from`",
        "rules.1.approval.from: is missing",
        "rules.1.approval.meanwhile: expected restored or pending; did you mean `restored`",
        "rulez: there is no such field; did you mean `rules`",
      ].toSorted(),
    );
  });

  it("is named inside of a default that asks", () => {
    const approval = { from: "custodians", quorum: 1, within: "24h", quroum: 2 };
    expect(faultsOf({ default: { ask: { approval } } })).toEqual([
      "default.ask.approval.quroum: there is no such field; did you mean `quorum`",
    ]);
  });

  it("of a group is named with the group that was likely meant", () => {
    const people = { alice: { slack: "U0ALICE", groups: ["custodians"] } };
    const rule = { id: "a", when: {}, then: "ask", approval: { from: "custodian", quorum: 1, within: "24h" } };
    expect(faultsOf({ people, rules: [rule] })).toEqual([
      "rules.0.approval.from: nobody belongs to the group `custodian`; did you mean `custodians`",
    ]);
  });
});
