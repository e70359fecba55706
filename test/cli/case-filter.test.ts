import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CaseFilter, caseFilter } from "../../cli/cases/case-filter.ts";
import { caseStates, type ListedCase } from "../../cli/cases/case-list.ts";
import { UsageError } from "../../cli/shell/input-error.ts";

const may27 = Date.UTC(2024, 4, 27);
const arn = (id: string, region = "us-east-1") => `arn:aws:payment-cryptography:${region}:111122223333:key/${id}`;
const listed = (over: Partial<ListedCase> = {}): ListedCase => ({
  ...{ case: `${arn("cases00000000aaa")}#1`, title: "alias/prod/cvk-1", openedAt: may27 + 1, state: "key-usable" },
  ...{ open: false, outcome: "restore", rule: "some-rule", usage: "TR31_C0_CARD_VERIFICATION_KEY", entries: 5 },
  ...{
    requester: "arn:aws:sts::111122223333:assumed-role/PaymentsAdmin/alice",
    requesterName: "alice (PaymentsAdmin)",
  },
  ...over,
});
const shows = (filter: CaseFilter, over: Partial<ListedCase> = {}) => caseFilter(filter)(listed(over));

describe("a filter of cases", () => {
  it.each<[string, CaseFilter, Partial<ListedCase>, Partial<ListedCase>]>([
    ["--open", { open: true }, { open: true }, { open: false }],
    ["--key by id", { key: "cases00000000aaa" }, {}, { case: `${arn("cases00000000bbb")}#1` }],
    ["--key by Region", { key: "us-east-1" }, {}, { case: `${arn("cases00000000aaa", "eu-west-1")}#1` }],
    ["--key, of a whole ARN", { key: arn("cases00000000aaa") }, {}, { case: `${arn("cases00000000aab")}#1` }],
    ["--state", { state: "people-are-asked" }, { state: "people-are-asked" }, { state: "open" }],
    ["--rule, whole", { rule: "some-rule" }, {}, { rule: "some-rule-2" }],
    ["--requester by name", { requester: "alice" }, {}, { requester: "arn:aws:iam::1:user/bob", requesterName: "bob" }],
    ["--requester by ARN", { requester: "111122223333" }, {}, { requester: "arn:aws:iam::9:user/alice" }],
    ["--since, from midnight UTC", { since: "2024-05-27" }, { openedAt: may27 }, { openedAt: may27 - 1 }],
  ])("%s shows what it names, and nothing else", (_, filter, shown, hidden) => {
    expect([shows(filter, shown), shows(filter, hidden)]).toEqual([true, false]);
  });

  it("--key does not match the number of a case", () => {
    expect(shows({ key: "#1" })).toBe(false);
    expect(shows({ key: "aaa#1" })).toBe(false);
  });

  it("--since shows a damaged case whatever day it names: it has no time", () => {
    expect(shows({ since: "2030-01-01" }, { state: "damaged", openedAt: 0 })).toBe(true);
  });

  it("shows everything without any", () => {
    expect(shows({})).toBe(true);
  });

  it.each<[CaseFilter, string]>([
    [{ key: "" }, "expected text after --key, found nothing"],
    [{ rule: " " }, "expected text after --rule"],
    [{ requester: "" }, "expected text after --requester"],
    [{ state: "" }, "expected text after --state"],
    [{ since: "" }, "expected text after --since"],
    [{ state: "opne" }, "found `opne`"],
    [{ state: "OPEN" }, "expected one of key-usable, "],
    [{ since: "yesterday" }, "expected a date such as 2026-07-01 for --since, found `yesterday`"],
    [{ since: "2024-5-7" }, "found `2024-5-7`"],
    [{ since: "2024-02-30" }, "found `2024-02-30`"],
    [{ since: "2023-02-29" }, "found `2023-02-29`"],
    [{ since: "2024-13-01" }, "found `2024-13-01`"],
    [{ since: "2024-05-27T00:00:00Z" }, "found `2024-05-27T00:00:00Z`"],
    [{ since: "+275760-09-14" }, "found `+275760-09-14`"],
    [{ state: "\u001b[2J`" }, "found `\\u{1b}[2J'`"],
  ])("%j is refused", (filter, message) => {
    expect(() => caseFilter(filter)).toThrow(UsageError);
    expect(() => caseFilter(filter)).toThrow(message);
  });

  it("takes every state that a list prints", () => {
    for (const state of caseStates) expect(shows({ state }, { state })).toBe(true);
  });

  it("in combination shows what each of them shows", () => {
    const text = fc.constantFrom("a", "alice", "some-rule", "cases", "bob", "us-east-1", "0");
    const filters = fc.record(
      {
        ...{ open: fc.constant(true as const), key: text, rule: text, requester: text },
        ...{ state: fc.constantFrom(...caseStates), since: fc.constantFrom("2024-05-26", "2024-05-27", "2024-05-28") },
      },
      { requiredKeys: [] },
    );
    const cases = fc.record({
      ...{
        open: fc.boolean(),
        rule: text,
        requester: text,
        requesterName: text,
        state: fc.constantFrom(...caseStates),
      },
      ...{ case: text.map((id) => `${arn(id)}#1`), openedAt: fc.constantFrom(0, may27 - 1, may27, may27 + 86_400_000) },
    });
    fc.assert(
      fc.property(filters, cases, (filter, each) => {
        const alone = Object.entries(filter).map(([name, value]) => shows({ [name]: value } as CaseFilter, each));
        expect(shows(filter, each)).toBe(alone.every(Boolean));
      }),
    );
  });

  it("never fails but with a UsageError, whatever the text", () => {
    const filters = fc.record(
      { key: fc.string(), state: fc.string(), rule: fc.string(), requester: fc.string(), since: fc.string() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(filters, (filter) => {
        try {
          expect(typeof shows(filter)).toBe("boolean");
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
    );
  });
});
