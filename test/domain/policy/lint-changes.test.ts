import { describe, expect, it } from "vitest";
import { lintPolicy } from "../../../lib/domain/policy/lint.ts";
import { parsePolicy } from "../../../lib/domain/policy/parse.ts";
import { everybody } from "../../doubles/guard.ts";

const deployer = { role: "arn:aws:iam::111122223333:role/ci/deployer", roleId: "AROADEPLOYEREXAMPLE0" };

function doubtsOf(...rules: readonly object[]): readonly string[] {
  const parsed = parsePolicy({
    ...{ version: 1, mode: "enforce", default: "restore", people: everybody },
    rules: rules.map((rule, n) => ({ id: "abc"[n], ...rule })),
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return lintPolicy(parsed.document).map(({ path, message }) => `${path.join(".")} ${message}`);
}

const rule = (then: string, operation: string | readonly string[], more: object = {}) => ({
  when: { operation, ...more },
  then,
});
const revert = (operation: string | readonly string[], more: object = {}) => rule("revert", operation, more);
const allow = (operation: string | readonly string[], more: object = {}) =>
  rule("allow", operation, { requester: deployer, ...more });

describe("a rule about other operations that is never reached", () => {
  const reached = (text: string) => [`rules.1 is never reached: \`a\` above it ${text}`];
  it.each<[string, object, object, readonly string[]]>([
    ["after the same operation", rule("notify", "stop"), rule("notify", "stop", { key: { kcv: "A486ED" } }), []],
    ["after more operations", rule("notify", ["stop", "start"]), rule("notify", "start"), []],
    ["an allow after a revert", revert("alias"), allow("alias"), reached("undoes whatever this rule lets stand")],
    [
      "a notify after a revert of the same change",
      revert(["labels", "alias"]),
      rule("notify", "labels", { change: { tag: "Environment" } }),
      reached("undoes whatever this rule lets stand"),
    ],
    [
      "a revert after a revert",
      revert("replication", { change: { region: "*" } }),
      revert("replication", { change: { region: "us-west-2" } }),
      reached("matches whatever this rule does"),
    ],
  ])("is named: %s", (_, a, b, doubts) => {
    expect(doubtsOf(a, b)).toEqual(doubts.length > 0 ? doubts : reached("matches whatever this rule does"));
  });

  it.each<[string, object, object]>([
    ["another operation", rule("notify", "stop"), rule("notify", "start")],
    ["fewer operations", rule("notify", "stop"), rule("notify", ["stop", "start"])],
    [
      "an operation after a rule about deletions that matches everything",
      { when: {}, then: "restore" },
      rule("notify", "stop"),
    ],
    ["deletions after a rule that matches every stop", rule("notify", "stop"), { when: {}, then: "restore" }],
    ["other values", revert("alias", { change: { alike: "false" } }), allow("alias", { change: { alike: "true" } })],
  ])("is nothing else: %s", (_, a, b) => {
    expect(doubtsOf(a, b)).toEqual([]);
  });
});

describe("a weaker rule above one that undoes some of the same changes", () => {
  const grants = { change: { manages: "true" } };
  it.each<[string, object, object, string]>([
    ["an allow", allow("resource-policy"), revert("resource-policy", grants), "also allows what `b` below it undoes"],
    [
      "a notify",
      rule("notify", "resource-policy", { requester: { person: "alice" } }),
      revert("resource-policy", grants),
      "only notifies people of what `b` below it undoes",
    ],
    [
      "an allow above a notify",
      allow("export"),
      rule("notify", "export", { change: { whole: "true" } }),
      "also allows what `b` below it reports",
    ],
  ])("is named: %s", (_, a, b, doubt) => {
    expect(doubtsOf(a, b)).toEqual([expect.stringContaining(`rules.0 ${doubt}`)]);
  });

  it.each<[string, object, object]>([
    ["that undoes whatever else there is", allow("alias", { change: { alike: "true" } }), revert("alias")],
    [
      "of other changes",
      allow("alias", { change: { alike: "true" } }),
      revert("alias", { change: { alike: "false" } }),
    ],
    ["of other operations", allow("labels"), revert("resource-policy", grants)],
  ])("is nothing to doubt: one %s", (_, a, b) => {
    expect(doubtsOf(a, b)).toEqual([]);
  });
});

describe("a revert that cannot be", () => {
  it.each<[string, object, string]>([
    [
      "of a resource policy that cannot be read",
      revert("resource-policy", { change: { readable: "false" } }),
      "nothing can be undone of `resource-policy` where `change.readable` is false",
    ],
    [
      "of a Region that was added",
      revert("replication", { change: { removes: false } }),
      "nothing can be undone of `replication` where `change.removes` is false",
    ],
    [
      "of a new alias",
      revert("labels", { change: { alias: ["alias/a", "alias/test/*"] } }),
      "nothing can be undone of `labels` where `change.alias` is alias/a or alias/test/*",
    ],
  ])("is named: one %s", (_, one, doubt) => {
    expect(doubtsOf(one)).toEqual([expect.stringContaining(`rules.0.then ${doubt}`)]);
  });

  it.each<[string, object]>([
    ["of what it may undo as well", revert("replication", { change: { removes: ["true", "false"] } })],
    ["of tags", revert("labels", { change: { tag: "Environment" } })],
    ["of all of an operation", revert(["stop", "alias", "labels", "resource-policy", "replication"])],
  ])("is nothing to doubt: one %s", (_, one) => {
    expect(doubtsOf(one)).toEqual([]);
  });
});

describe("an allow of a change", () => {
  it.each<[string, object, readonly string[]]>([
    ["by anyone", rule("allow", "stop"), ["rules.0.when allows it for anyone"]],
    [
      "by anyone from a network",
      rule("allow", "export", { requester: { network: "10.0.0.0/8" } }),
      ["rules.0.when allows it for anyone"],
    ],
    [
      "by a role that could be created again",
      rule("allow", "alias", { requester: { role: deployer.role } }),
      ["rules.0.when.requester.role a role that is deleted and created again"],
    ],
    [
      "by every role of a path",
      rule("allow", "alias", { requester: { role: "arn:aws:iam::111122223333:role/ci/*" } }),
      ["rules.0.when.requester.role `arn:aws:iam::111122223333:role/ci/*` weakens the outcome"],
    ],
    ["of every value", allow("labels", { change: { tag: "*" } }), ["rules.0.when.change.tag holds for every value"]],
    ["in every Region", allow("labels", { region: "*" }), ["rules.0.when.region holds for every Region"]],
    ["by a pinned role", allow("alias", { change: { alike: true } }), []],
    ["by a person", rule("allow", "stop", { requester: { person: "alice" } }), []],
  ])("%s", (_, one, doubts) => {
    expect(doubtsOf(one)).toEqual(doubts.map((doubt) => expect.stringContaining(doubt)));
  });
});

describe("a notify of a change by an unpinned role", () => {
  const notify = rule("notify", ["stop", "start"], { requester: { role: deployer.role } });

  it("is named above a revert of one of its operations", () => {
    expect(doubtsOf(notify, revert("stop"))).toEqual([expect.stringContaining("pin it by requester.roleId")]);
  });

  it("is nothing to doubt where nothing is undone", () => {
    expect(doubtsOf(notify)).toEqual([]);
    expect(doubtsOf(revert("alias"), notify)).toEqual([]);
    expect(doubtsOf(revert("stop", { key: { kcv: "A486ED" } }), notify)).toEqual([]);
  });
});
