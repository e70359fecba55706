import { describe, expect, it } from "vitest";
import type { Case } from "../../../lib/domain/case/case.ts";
import type { EntryBody } from "../../../lib/domain/ledger/entry.ts";
import { attentionFor, type KeyInView, type Moment, urgencyOf } from "../../../lib/domain/plan/attention.ts";
import { caseWith, decided, detection, toAllow, toAsk, toRestore } from "../../doubles/case-builder.ts";
import { day, t0 } from "../../doubles/key-world.ts";

const hour = 3_600_000;
const confirmed: EntryBody = { kind: "requester-confirmed", eventId: "00000000-0000-4000-8000-000000000000" };
const observed = decided(toRestore.effect, { mode: "observe" });
const requested: EntryBody = { kind: "approval-requested", from: "custodians", quorum: 2, deadline: t0 + day };
const allowed: readonly EntryBody[] = [toAllow, { kind: "deletion-allowed", by: "rule" }, confirmed];
const back: readonly EntryBody[] = [
  { kind: "restore-intended", late: false },
  { kind: "key-restored", enabled: true, how: "answered" },
  { kind: "key-usable", how: "answered", despiteRule: false },
];
const open = (...bodies: readonly EntryBody[]): Case => caseWith(detection(), ...bodies);
const view = (newest: Case | undefined, over: Partial<KeyInView> = {}): KeyInView => ({
  listed: true,
  ...(newest && { newest }),
  dueAt: t0 + 2 * hour,
  unpublished: false,
  kept: false,
  ...over,
});
const at = (now: number, over: Partial<Moment> = {}): Moment => ({ mode: "enforce", paused: false, now, ...over });
const early = at(t0 + hour);

describe("the attention of a sweep", () => {
  it.each<[string, KeyInView, Moment, "due" | "verify" | "idle"]>([
    ["a pending key without a case", view(undefined), early, "due"],
    ["a pending key whose case is over", view(open({ kind: "restored-by-others" })), early, "due"],
    ["a pending key that is not decided yet", view(open()), early, "due"],
    ["a pending key that is to be restored", view(open(toRestore)), early, "due"],
    ["an open question with time left", view(open(toAsk, requested)), early, "idle"],
    ["an open question after an hour", view(open(toAsk, requested, confirmed)), at(t0 + 2 * hour), "verify"],
    ["an open question whose requester is not confirmed", view(open(toAsk, requested)), at(t0 + 2 * hour), "verify"],
    ["an open question with a reminder due", view(open(toAsk, requested)), at(t0 + 13 * hour), "due"],
    ["an open question whose deadline is over", view(open(toAsk, requested)), at(t0 + day), "due"],
    ["an open question nobody learned of", view(open(toAsk, requested), { unpublished: true }), early, "due"],
    ["an allowed deletion", view(open(...allowed)), early, "idle"],
    ["an allowed deletion after an hour", view(open(...allowed)), at(t0 + 2 * hour), "verify"],
    ["an allowed deletion nothing confirms", view(open(...allowed.slice(0, 2))), at(t0 + 2 * hour), "verify"],
    [
      "an allowed deletion nothing confirms, a day before the end",
      view(open(...allowed.slice(0, 2))),
      at(t0 + 2 * day),
      "due",
    ],
    [
      "an allowed deletion that CloudTrail contradicts",
      view(open(...allowed.slice(0, 2), { kind: "requester-unconfirmed", why: "no-record" })),
      early,
      "due",
    ],
    ["an observed deletion", view(open(observed)), at(t0 + hour, { mode: "observe" }), "idle"],
    ["an observed deletion under a policy that enforces", view(open(observed)), early, "due"],
    ["an observed deletion in a pause", view(open(observed)), at(t0 + hour, { paused: true }), "idle"],
    [
      "an observed deletion in a pause, a day before the end",
      view(open(observed)),
      at(t0 + 2 * day, { paused: true }),
      "due",
    ],
    ["a case that is due, of a key that is not listed", view(open(), { listed: false, dueAt: t0 }), early, "due"],
    ["a case that is not due, of a key that is not listed", view(open(), { listed: false }), early, "idle"],
    ["a case that is over, of a key that is not listed", view(open(...back), { listed: false }), early, "idle"],
    [
      "a case that is over, of a key that someone keeps",
      view(open(...back), { listed: false, kept: true, dueAt: t0 }),
      early,
      "due",
    ],
  ])("for %s", (_, seen, moment, attention) => {
    expect(attentionFor(seen, moment)).toBe(attention);
  });
});

describe("the urgency of a key", () => {
  const pendingUntil = (deletePendingAt: number) => caseWith(detection({ deletePendingAt }), toRestore);

  it.each<[string, Case | undefined, number]>([
    ["that should be gone already", pendingUntil(t0 - hour), 0],
    ["with 59 minutes left", pendingUntil(t0 + 59 * 60_000), 0],
    ["with 3 hours left", pendingUntil(t0 + 3 * hour), 1],
    ["with 25 hours left", pendingUntil(t0 + 25 * hour), 4],
    ["whose end is not known: as if a day were left", undefined, 4],
    ["with 3 days left", pendingUntil(t0 + 3 * day), 6],
    ["with 180 days left", pendingUntil(t0 + 180 * day), 12],
    ["that lives", open(toRestore, ...back.slice(0, 2)), 13],
  ])("%s", (_, newest, urgency) => {
    expect(urgencyOf(newest, t0)).toBe(urgency);
  });

  it("counts the time until people must have answered, where that comes first", () => {
    expect([t0, t0 + 23 * hour, t0 + day].map((now) => urgencyOf(open(toAsk, requested), now))).toEqual([4, 0, 0]);
  });
});
