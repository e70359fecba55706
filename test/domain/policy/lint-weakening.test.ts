import { describe, expect, it } from "vitest";
import { keyVocabulary } from "../../../lib/domain/key/vocabulary.ts";
import { lintPolicy } from "../../../lib/domain/policy/lint.ts";
import { parsePolicy } from "../../../lib/domain/policy/parse.ts";
import { everybody } from "../../doubles/guard.ts";

const account = "111122223333";
const pinned = { role: `arn:aws:iam::${account}:role/ci/key-reaper`, roleId: "AROAREAPERSEXAMPLE00" };
const ask = { then: "ask", approval: { from: "custodians", quorum: 1, within: "24h" } };

function doubtsOf(rules: readonly object[], top: object = {}): readonly string[] {
  const parsed = parsePolicy({
    ...{ version: 1, mode: "enforce", default: "restore", people: everybody },
    rules: rules.map((rule, n) => ({ id: `r${n}`, ...rule })),
    ...top,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return lintPolicy(parsed.document).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

const allow = (when: object) => ({ when, then: "allow" });

describe("a condition that narrows nothing, in a rule that weakens the outcome", () => {
  it.each<[string, object, string]>([
    ["every address", { requester: { ...pinned, network: "0.0.0.0/0" } }, "requester.network: holds every address"],
    [
      "every address of IPv6",
      { requester: { ...pinned, network: ["10.0.0.0/8", "::/0"] } },
      "requester.network: holds",
    ],
    ["anyone known", { requester: { ...pinned, known: true } }, "requester.known: holds for everyone"],
    [
      "no days at least",
      { requester: pinned, request: { waitingDays: { atLeast: 0 } } },
      "waitingDays: every deletion",
    ],
    ["as few days as there are", { requester: pinned, request: { waitingDays: { atLeast: 3 } } }, "at least 3 days"],
    [
      "as many days as there are",
      { requester: pinned, request: { waitingDays: { atMost: 180 } } },
      "more than 180 days",
    ],
    [
      "all hours",
      {
        requester: pinned,
        request: { window: { timeZone: "UTC", days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] } },
      },
      "request.window: holds at all hours",
    ],
    [
      "every usage by name",
      { requester: pinned, key: { usage: [...keyVocabulary.usage] } },
      "key.usage: holds for every",
    ],
    ["every usage by a glob", { requester: pinned, key: { usage: "TR31_*" } }, "key.usage: holds for every"],
    ["every class", { requester: pinned, key: { class: ["*KEY", "*_PAIR"] } }, "key.class: holds for every"],
    ["every key", { requester: pinned, key: { arn: "*" } }, "key.arn: holds for every value"],
    ["every alias", { requester: pinned, key: { alias: "alias/*" } }, "key.alias: holds for every value"],
    ["every Region", { requester: pinned, region: "*" }, "region: holds for every Region"],
  ])("is named: %s", (_, when, doubt) => {
    expect(doubtsOf([allow(when)])).toEqual([expect.stringContaining(doubt)]);
  });

  it.each<[string, object]>([
    ["a network", { requester: { ...pinned, network: "10.0.0.0/8" } }],
    ["a day more than the least", { requester: pinned, request: { waitingDays: { atLeast: 4 } } }],
    ["a range", { requester: pinned, request: { waitingDays: { atLeast: 7, atMost: 180 } } }],
    ["all usages but one", { requester: pinned, key: { usage: keyVocabulary.usage.slice(1) } }],
    ["office hours", { requester: pinned, request: { window: { timeZone: "UTC", hours: "09:00-17:00" } } }],
  ])("is nothing to doubt: %s", (_, when) => {
    expect(doubtsOf([allow(when)])).toEqual([]);
  });

  it("is nothing to doubt where the rule protects as much as all that follows", () => {
    const when = { requester: { known: true, role: "arn:aws:iam::*:role/*" }, region: "*" };
    expect(doubtsOf([{ when, then: "restore" }])).toEqual([]);
    expect(doubtsOf([{ when, ...ask }], { default: { ask: { approval: ask.approval } } })).toEqual([]);
  });

  it("is named in a rule that asks, where the default restores", () => {
    expect(doubtsOf([{ when: { requester: { known: true } }, ...ask }])).toEqual([
      expect.stringContaining("rules.0.when.requester.known"),
    ]);
  });
});

describe("a wildcard in a rule that weakens the outcome", () => {
  it.each<[string, string]>([
    ["*", "every role of every account"],
    ["arn:aws:iam::*:role/ci/key-reaper", "roles of other accounts too"],
    [`arn:aws:iam::${account}:role/ci/**`, "roles of every path below"],
    [`arn:aws:iam::${account}:role/*/key-reaper`, "roles that do not exist yet"],
    [`arn:aws:iam::${account}:role/reaper*`, "roles that do not exist yet"],
  ])("is named: %s", (role, reach) => {
    expect(doubtsOf([allow({ requester: { role }, key: { usage: "TR31_C0_*" } })])).toEqual([
      expect.stringContaining(`\`${role}\` weakens the outcome for ${reach}`),
    ]);
  });

  it("is named for users too", () => {
    const user = `arn:aws:iam::${account}:user/*`;
    expect(doubtsOf([allow({ requester: { user } })])).toEqual([
      expect.stringContaining("users that do not exist yet"),
    ]);
  });
});

describe("a role that could be created again", () => {
  it("is named where no unique id pins it", () => {
    const { role } = pinned;
    expect(doubtsOf([allow({ requester: { role } })])).toEqual([expect.stringContaining("pin it by requester.roleId")]);
    expect(doubtsOf([allow({ requester: pinned })])).toEqual([]);
    expect(doubtsOf([allow({ requester: { role: pinned.roleId } })])).toEqual([]);
  });

  it("is named where its source identity is believed", () => {
    const trust = (role: string) => ({ trust: { sourceIdentityFrom: [role] } });
    expect(doubtsOf([], trust(pinned.role))).toEqual([expect.stringContaining("trust.sourceIdentityFrom.0: ")]);
    expect(doubtsOf([], trust(pinned.roleId))).toEqual([]);
  });
});
