import { describe, expect, it } from "vitest";
import { lintPolicy } from "../../../lib/domain/policy/lint.ts";
import { parsePolicy } from "../../../lib/domain/policy/parse.ts";
import { everybody } from "../../doubles/guard.ts";

const arnOf = (region: string, account = "111122223333") =>
  `arn:aws:payment-cryptography:${region}:${account}:key/kwapwa6qaifllw2h`;
const reaper = "arn:aws:iam::111122223333:role/ci/key-reaper";
const approval = { from: "custodians", quorum: 2, within: "24h" };
const pin = "TR31_P0_PIN_ENCRYPTION_KEY";
const card = "TR31_C0_CARD_VERIFICATION_KEY";

function doubtsOf(rules: readonly object[], top: object = {}): readonly string[] {
  const named = rules.map((rule, n) => ({ id: "abc"[n], then: "restore", ...rule }));
  const parsed = parsePolicy({
    version: 1,
    mode: "enforce",
    default: "restore",
    people: everybody,
    rules: named,
    ...top,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return lintPolicy(parsed.document).map(({ path, message }) => `${path.join(".")} ${message}`);
}

const unreached = ["rules.1 is never reached: `a` above it matches whatever this rule does"];

describe("a rule that is never reached", () => {
  it.each<[string, object, object]>([
    ["after one that matches everything", {}, { key: { usage: pin } }],
    ["after the same conditions", { key: { usage: pin } }, { key: { usage: pin } }],
    ["after more values", { key: { usage: [pin, card] } }, { key: { usage: card } }],
    ["after a glob", { key: { usage: "TR31_*" } }, { key: { usage: [pin, card] } }],
    ["after fewer conditions", { key: { usage: pin } }, { key: { usage: pin }, requester: { role: reaper } }],
    ["after the same tags", { key: { tags: { E: ["dev", "test"] } } }, { key: { tags: { E: "dev", Team: "x" } } }],
    ["after the same flag", { key: { exportable: true } }, { key: { exportable: true, usage: pin } }],
    [
      "after the same days",
      { request: { waitingDays: { atLeast: 7 } } },
      { request: { waitingDays: { atLeast: 7 } }, key: { usage: pin } },
    ],
  ])("is named: %s", (_, a, b) => {
    expect(doubtsOf([{ when: a }, { when: b }])).toEqual(unreached);
  });

  it.each<[string, object, object]>([
    ["before one that matches everything", { key: { usage: pin } }, {}],
    ["other values", { key: { usage: pin } }, { key: { usage: card } }],
    ["fewer values", { key: { usage: pin } }, { key: { usage: [pin, card] } }],
    ["a glob after a value", { key: { usage: pin } }, { key: { usage: "TR31_*" } }],
    ["two globs, of which nobody can tell", { key: { usage: "TR31_P*" } }, { key: { usage: "TR31_P0*" } }],
    ["another flag", { key: { exportable: true } }, { key: { exportable: false } }],
    ["another tag", { key: { tags: { E: "dev" } } }, { key: { tags: { Team: "x" } } }],
    ["more conditions above", { key: { usage: pin, exportable: true } }, { key: { usage: pin } }],
  ])("is nothing else: %s", (_, a, b) => {
    expect(doubtsOf([{ when: a }, { when: b }])).toEqual([]);
  });
});

describe("an allow above a rule that protects", () => {
  const allow = (when: object) => ({ then: "allow", when });
  const ask = (when: object) => ({ then: "ask", approval, when });

  it("is named where it reaches some of its keys", () => {
    expect(doubtsOf([allow({ requester: { role: reaper } }), ask({ key: { usage: pin } })])).toEqual([
      "rules.0 also allows what `b` below it protects; if that is not meant, put `b` above `a`",
    ]);
  });

  it.each<[string, object, object]>([
    ["of other keys", allow({ requester: { role: reaper }, key: { usage: card } }), ask({ key: { usage: pin } })],
    [
      "of other people",
      allow({ requester: { role: reaper } }),
      ask({ key: { usage: pin }, requester: { role: `${reaper}2` } }),
    ],
    ["below it", ask({ key: { usage: pin } }), allow({ requester: { role: reaper } })],
    [
      "that protects no key of its own",
      allow({ requester: { role: reaper } }),
      ask({ requester: { person: "alice" } }),
    ],
  ])("is nothing to doubt: %s", (_, a, b) => {
    expect(doubtsOf([a, b])).toEqual([]);
  });
});

describe("a condition that never matches", () => {
  it.each<[string, object, string]>([
    ["a key that is none", { key: { arn: "arn:aws:kms:us-east-1:1:key/x" } }, "rules.0.when.key.arn `arn:aws:kms"],
    ["a key of another region", { key: { arn: arnOf("us-east-1") }, region: "eu-*" }, "rules.0.when.region never"],
    [
      "a key of another account",
      { key: { arn: arnOf("us-east-1") }, account: "444455556666" },
      "rules.0.when.account never",
    ],
    [
      "an unknown person",
      { requester: { known: false, person: "alice" } },
      "rules.0.when.requester.known never matches: an unknown requester has no person",
    ],
    [
      "a role of another account",
      { requester: { role: reaper, account: "444455556666" } },
      "rules.0.when.requester.account never",
    ],
  ])("is named: %s", (_, when, doubt) => {
    expect(doubtsOf([{ when }])).toEqual([expect.stringContaining(doubt)]);
  });

  it.each<[string, object]>([
    ["a key of the region", { key: { arn: arnOf("eu-west-1") }, region: "eu-*" }],
    ["one key of several", { key: { arn: [arnOf("us-east-1"), arnOf("eu-west-1")] }, region: "eu-west-1" }],
    ["a glob that may be of the region", { key: { arn: "arn:aws:payment-cryptography:*" }, region: "eu-west-1" }],
    ["a role by its id", { requester: { role: "AROAIDPPEZS35WEXAMPLE", account: "444455556666" } }],
    ["an unknown requester", { requester: { known: false } }],
  ])("is nothing to doubt: %s", (_, when) => {
    expect(doubtsOf([{ when }])).toEqual([]);
  });
});

describe("people", () => {
  it("without any identity are named", () => {
    expect(doubtsOf([], { people: { ...everybody, eve: { groups: ["custodians"] } } })).toEqual([
      "people.eve has no identity: can neither vote nor be recognised",
    ]);
  });
});

describe("a policy of a thousand rules", () => {
  it("is looked through", () => {
    const rules = Array.from({ length: 1_000 }, (_, n) => ({
      ...{ id: `r${n}`, then: "restore" },
      when: { key: { arn: `arn:aws:payment-cryptography:us-east-1:111122223333:key/k${String(n).padStart(15, "0")}` } },
    }));
    expect(doubtsOf([...rules, { ...rules[0], id: "again" }])).toEqual([
      "rules.1000 is never reached: `r0` above it matches whatever this rule does",
    ]);
  });
});
