import { describe, expect, it } from "vitest";
import { lintPolicy } from "../../../lib/domain/policy/lint.ts";
import { parsePolicy } from "../../../lib/domain/policy/parse.ts";
import { everybody } from "../../doubles/guard.ts";

const reaper = "arn:aws:iam::111122223333:role/ci/key-reaper";
const pinned = { role: reaper, roleId: "AROAREAPERSEXAMPLE00" };
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
    expect(doubtsOf([allow({ requester: pinned }), ask({ key: { usage: pin } })])).toEqual([
      "rules.0 also allows what `b` below it protects; if that is not meant, put `b` above `a`",
    ]);
  });

  it.each<[string, object, object]>([
    ["of other keys", allow({ requester: pinned, key: { usage: card } }), ask({ key: { usage: pin } })],
    [
      "of other people",
      allow({ requester: pinned }),
      ask({ key: { usage: pin }, requester: { ...pinned, role: `${reaper}2` } }),
    ],
    ["below it", ask({ key: { usage: pin } }), allow({ requester: pinned })],
    ["that protects no key of its own", allow({ requester: pinned }), ask({ requester: { person: "alice" } })],
  ])("is nothing to doubt: %s", (_, a, b) => {
    expect(doubtsOf([a, b])).toEqual([]);
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
