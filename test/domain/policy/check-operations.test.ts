import { describe, expect, it } from "vitest";
import { operations } from "../../../lib/domain/operations/registry.ts";
import { parsePolicy } from "../../../lib/domain/policy/parse.ts";
import { everybody } from "../../doubles/guard.ts";

function parsed(...rules: readonly object[]) {
  return parsePolicy({
    ...{ version: 1, mode: "enforce", default: "restore", people: everybody },
    rules: rules.map((rule, n) => ({ id: `r${n}`, ...rule })),
  });
}

/** What is wrong with the rules, each as `path message`. */
function faultsOf(...rules: readonly object[]): readonly string[] {
  const result = parsed(...rules);
  return result.ok ? [] : result.faults.map(({ path, message }) => `${path.join(".")} ${message}`);
}

const change = (operation: string | readonly string[], asked: object, then = "notify") => ({
  when: { operation, change: asked },
  then,
});
const approval = { from: "custodians", quorum: 1, within: "24h" };

describe("an operation or a condition with a slip", () => {
  it.each<[string, object, string]>([
    [
      "the operation",
      { when: { operation: "lables" }, then: "notify" },
      "rules.0.when.operation expected delete, stop, start, alias, labels, resource-policy, replication, default-regions, export, import, approval-team; did you mean `labels`",
    ],
    [
      "one of several operations",
      { when: { operation: ["stop", "Alias"] }, then: "notify" },
      "rules.0.when.operation.1 expected delete, stop, start, alias, labels, resource-policy, replication, default-regions, export, import, approval-team; did you mean `alias`",
    ],
    [
      "the name of a condition",
      change("resource-policy", { manage: "true" }),
      "rules.0.when.change.manage `resource-policy` has no condition `manage`: there is grantee, grants, manages, denies, readable; did you mean `manages`",
    ],
    [
      "a condition that only one of two operations has",
      change(["replication", "export"], { removes: "true" }),
      "rules.0.when.change.removes `export` has no condition `removes`: there is format, whole, wrappingKey, wrappingKeyAge",
    ],
    [
      "a condition of an operation that has none",
      change("stop", { whole: "true" }),
      "rules.0.when.change.whole `stop` has no condition `whole`: there is none",
    ],
    [
      "a value",
      change("labels", { decision: "othr" }),
      "rules.0.when.change.decision `change.decision` of `labels` is never `othr`; expected same or other; did you mean `other`",
    ],
    [
      "a value of a flag",
      change("resource-policy", { manages: "yes" }),
      "rules.0.when.change.manages `change.manages` of `resource-policy` is never `yes`; expected true or false",
    ],
    [
      "a value of the service's own list",
      change("alias", { toUsage: ["TR31_P0_*", "TR31_P0_PIN_ENCRYPTON_KEY"] }),
      "rules.0.when.change.toUsage `change.toUsage` of `alias` is never `TR31_P0_PIN_ENCRYPTON_KEY`; expected a value that the service knows; did you mean `TR31_P0_PIN_ENCRYPTION_KEY`",
    ],
    ["a number", change("labels", { tag: 1 }), "rules.0.when.change.tag expected text, true or false"],
  ])("is named with what was likely meant: %s", (_, rule, fault) => {
    expect(faultsOf(rule)).toEqual([fault]);
  });

  it("is none where a flag is written as YAML has it", () => {
    const [flag, text] = [true, "true"].map((manages) => parsed(change("resource-policy", { manages }, "revert")));
    expect(flag).toMatchObject({ ok: true });
    expect(flag).toEqual(text);
  });
});

describe("a rule that no operation can follow", () => {
  it.each<[string, object, string]>([
    [
      "about deletions and others",
      { when: { operation: ["delete", "stop"] }, then: "allow" },
      "rules.0.when.operation a rule is about `delete` or about other operations; make two of it",
    ],
    [
      "that notifies of deletions",
      { when: { requester: { known: true } }, then: "notify" },
      "rules.0.then `notify` is no outcome of a deletion; expected restore, allow or ask",
    ],
    [
      "that reverts a deletion",
      { when: { operation: "delete" }, then: "revert" },
      "rules.0.then `revert` is no outcome of a deletion; expected restore, allow or ask",
    ],
    [
      "that asks for the change of a deletion",
      { when: { change: { alike: "true" } }, then: "restore" },
      "rules.0.when.change a deletion has no such conditions; expected an operation other than delete",
    ],
    [
      "that restores a stopped key",
      { when: { operation: "stop" }, then: "restore" },
      "rules.0.then `restore` is an outcome of deletions; expected notify, revert, ask or allow",
    ],
    [
      "that has a usage after the revert",
      { when: { operation: "stop" }, then: "revert", usage: "resume" },
      "rules.0.usage only a rule about deletions has `usage`",
    ],
    [
      "that only notifies, and has an approval",
      { when: { operation: "stop" }, then: "notify", approval },
      "rules.0.approval `notify` asks nobody; expected no approval",
    ],
    [
      "that asks, and names nobody to ask",
      { when: { operation: "alias" }, then: "ask" },
      "rules.0 `ask` needs an approval",
    ],
    [
      "that asks about what nothing undoes",
      { when: { operation: "export" }, then: "ask", approval },
      "rules.0.then nothing undoes `export`; expected notify or allow",
    ],
    [
      "that lets a change stand while people decide",
      { when: { operation: "alias" }, then: "ask", approval: { ...approval, meanwhile: "pending" } },
      "rules.0.approval.meanwhile a change is always undone while people decide",
    ],
    [
      "that asks for days of waiting",
      { when: { operation: "stop", request: { waitingDays: { atLeast: 7 } } }, then: "notify" },
      "rules.0.when.request.waitingDays only a deletion has a waiting period",
    ],
    [
      "that reverts what nothing undoes",
      { when: { operation: ["alias", "export", "start"] }, then: "revert" },
      "rules.0.then nothing undoes `export` and `start`; expected notify or allow",
    ],
    [
      "about a key, where the account is changed",
      { when: { operation: "approval-team", key: { usage: "TR31_P0_*" } }, then: "notify" },
      "rules.0.when.key `approval-team` changes the account, not a key; expected no `key`",
    ],
  ])("is refused: one %s", (_, rule, fault) => {
    expect(faultsOf(rule)).toEqual([fault]);
  });
});

describe("a condition of an operation", () => {
  const asked = operations.flatMap(({ name, conditions }) =>
    Object.entries(conditions).flatMap(([condition, values]) =>
      (values === "text" ? ["any"] : values).map((value): [string, string, string] => [name, condition, value]),
    ),
  );

  it.each(asked)("of %s may be asked for: %s: %s", (name, condition, value) => {
    expect(faultsOf(change(name, { [condition]: value }))).toEqual([]);
  });
});
