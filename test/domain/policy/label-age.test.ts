import { describe, expect, it } from "vitest";
import { decide } from "../../../lib/domain/policy/decide.ts";
import type { Facts } from "../../../lib/domain/policy/decision.ts";
import { aliasState, doubtOf, type LabelAge, sightingAfter, tagState } from "../../../lib/domain/policy/label-age.ts";
import { factsOf } from "../../doubles/facts.ts";
import { allowReaper, policyWith } from "../../doubles/guard.ts";

/** 2026-03-01T00:00:00Z */
const at = 1_772_323_200_000;
const hour = 3_600_000;
const day = 86_400_000;
const week = 604_800_000;
const test = tagState("test");
const seenSince = (since: number, more: object = {}): LabelAge => ({
  now: at,
  deletedAt: at,
  seen: {
    tags: { Environment: { state: test, since, at: at - hour } },
    aliases: { state: aliasState(["alias/test/a"]), since, at: at - hour },
  },
  ...more,
});
const doubt = (age: LabelAge, state?: string) => doubtOf(age, { tag: "Environment" }, week, state);

describe("a sighting of a label", () => {
  const first = sightingAfter(undefined, test, at);

  it("keeps when it was first seen while every reading is the same", () => {
    expect(first).toEqual({ state: "=test", since: at, at });
    expect(sightingAfter(first, test, at + day)).toEqual({ state: "=test", since: at, at: at + day });
  });

  it.each<[string, string, number]>([
    ["another value", tagState("prod"), at + day],
    ["no value", tagState(undefined), at + day],
    ["the same value after more than three days without a reading", test, at + 3 * day + 1],
    ["the same value by a clock that was set back", test, at - 1],
  ])("begins again with %s", (_, state, later) => {
    expect(sightingAfter(first, state, later)).toEqual({ state, since: later, at: later });
  });

  it("remembers that it is the first one of a new key, until the value changes", () => {
    const ofNew = sightingAfter(undefined, test, at, true);
    expect(sightingAfter(ofNew, test, at + day)).toMatchObject({ since: at, first: true });
    expect(sightingAfter(ofNew, tagState("dev"), at + day)).not.toHaveProperty("first");
    expect(sightingAfter(first, test, at + day, true)).not.toHaveProperty("first");
  });

  it("tells a tag without a value from no tag, and knows aliases in any order", () => {
    expect(tagState("")).not.toBe(tagState(undefined));
    expect(tagState("absent")).not.toBe(tagState(undefined));
    expect(aliasState(["alias/b", "alias/a"])).toBe(aliasState(["alias/a", "alias/b", "alias/a"]));
    expect(aliasState(["alias/a"])).not.toBe(aliasState([]));
  });
});

describe("the doubt about a label", () => {
  it.each<[string, LabelAge, string | undefined, string | undefined]>([
    ["seen for a week", seenSince(at - week), test, undefined],
    ["seen for a week less 1 ms", seenSince(at - week + 1), test, "too-new"],
    ["changed since the last reading", seenSince(at - week), tagState("dev"), "too-new"],
    ["seen for a week, its value not read yet", seenSince(at - week), undefined, undefined],
    ["assumed to be old", "assumed-old", test, undefined],
    ["of a key that was not seen", "not-seen", test, "not-seen"],
    ["of an inventory that cannot be read", "unreadable", test, "unreadable"],
    ["never read", { now: at, deletedAt: at, seen: { tags: {} } }, test, "not-seen"],
    ["not read for three days", seenSince(at - week, { now: at + 3 * day }), test, "not-seen"],
  ])("that is %s", (_, age, state, expected) => {
    expect(doubt(age, state)).toBe(expected);
  });

  it("does not take a name that every object has for a label", () => {
    expect(doubtOf({ now: at, deletedAt: at, seen: { tags: {} } }, { tag: "constructor" }, week)).toBe("not-seen");
  });

  it("never ends for a value too long to be kept", () => {
    const long = tagState("x".repeat(1_100));
    const tags = { Environment: { state: long, since: at - week, at, first: true as const } };
    expect(doubt({ now: at, deletedAt: at, seen: { tags }, createdAt: at - week }, long)).toBe("too-new");
    expect(tagState("y".repeat(1_100))).toBe(long);
  });

  const created = (createdAt: number, first = true): LabelAge => ({
    now: at,
    deletedAt: at,
    createdAt,
    seen: {
      tags: { Environment: { state: test, since: at - 2 * hour, at: at - hour, ...(first && { first: true }) } },
    },
  });
  it.each<[string, LabelAge, string | undefined]>([
    ["at its first inventory, a day after its creation", created(at - 26 * hour), undefined],
    ["at its first inventory, more than a day after its creation", created(at - 26 * hour - 1), "too-new"],
    ["within a day, but not at its first inventory", created(at - 3 * hour, false), "too-new"],
    ["at an inventory long before its creation", created(at), "too-new"],
  ])("of a key that carried it %s", (_, age, expected) => {
    expect(doubt(age, test)).toBe(expected);
  });
});

describe("a rule that rests on labels", () => {
  const cleaning = {
    id: "clean",
    then: "allow",
    when: { key: { tags: { Environment: "test" }, alias: "alias/test/*" }, ...allowReaper.when },
  };
  const decisionOn = (rules: readonly object[], facts: Facts, top: object = {}) => {
    const verdict = decide(policyWith(rules, top), facts);
    if (verdict.kind === "needs") throw new Error(`needs ${verdict.facts.join()}`);
    return verdict.decision;
  };

  it("decides once all of them have been seen for long enough", () => {
    expect(decisionOn([cleaning], factsOf({ labelAge: seenSince(at - week) }))).toMatchObject({ rule: "clean" });
  });

  it.each<[string, LabelAge, object]>([
    ["too new", seenSince(at - day), { condition: "key.tags.Environment", why: "too-new" }],
    ["not in the inventory", "not-seen", { condition: "key.tags.Environment", why: "not-seen" }],
    ["in an inventory that cannot be read", "unreadable", { condition: "key.tags.Environment", why: "unreadable" }],
  ])("does not decide with labels %s, and the decision says so", (_, labelAge, why) => {
    const decision = decisionOn([cleaning], factsOf({ labelAge }));
    expect(decision).toMatchObject({ rule: "default", heldBack: { rule: "clean", ...why } });
    expect(decision.passedOver).toEqual([
      { rule: "clean", failed: `key.tags.Environment (${String(Object(why).why)})` },
    ]);
  });

  it("names no rule that would not have matched anyway", () => {
    const production = factsOf({ labelAge: seenSince(at - day), tags: { Environment: "prod" } });
    expect(decisionOn([cleaning], production)).not.toHaveProperty("heldBack");
    const mixed = factsOf({ labelAge: seenSince(at - day), aliases: ["alias/test/a", "alias/prod/a"] });
    expect(decisionOn([cleaning], mixed)).not.toHaveProperty("heldBack");
  });

  it("decides at once where it protects the key more, also after its label went", () => {
    const rules = [{ id: "pci", then: "restore", when: { key: { tags: { pci: "yes" } } } }, allowReaper];
    expect(decisionOn(rules, factsOf({ tags: { pci: "yes" }, labelAge: "not-seen" }))).toMatchObject({ rule: "pci" });
    const gone = {
      now: at,
      deletedAt: at,
      seen: { tags: { pci: { state: tagState("yes"), since: at - 30 * day, at: at - hour } } },
    };
    expect(decisionOn(rules, factsOf({ tags: {}, labelAge: gone }))).toMatchObject({ rule: "pci" });
    const never = {
      now: at,
      deletedAt: at,
      seen: { tags: { pci: { state: tagState(undefined), since: at - week, at: at - hour } } },
    };
    expect(decisionOn(rules, factsOf({ tags: {}, labelAge: never }))).toMatchObject({ rule: "allow-reaper" });
  });

  it("needs no label that cannot weaken the outcome", () => {
    const { tags: _, aliases: __, ...unread } = factsOf({ labelAge: seenSince(at - day) });
    expect(decisionOn([cleaning], unread)).toMatchObject({ rule: "default", heldBack: { why: "too-new" } });
    expect(decide(policyWith([cleaning]), { ...unread, labelAge: seenSince(at - week) })).toMatchObject({
      facts: ["tags", "aliases"],
    });
  });

  it("asks the inventory first", () => {
    const { tags: _, aliases: __, labelAge: ___, ...unread } = factsOf();
    expect(decide(policyWith([cleaning]), unread)).toMatchObject({ kind: "needs", facts: ["labelAge"] });
  });

  it("waits as long as the policy says", () => {
    const age = factsOf({ labelAge: seenSince(at - 2 * day) });
    expect(decisionOn([cleaning], age, { labels: { minAge: "2d" } })).toMatchObject({ rule: "clean" });
    expect(decisionOn([cleaning], age, { labels: { minAge: "49h" } })).toMatchObject({ rule: "default" });
  });
});
