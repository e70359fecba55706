import { describe, expect, it } from "vitest";
import type { Case } from "../../../lib/domain/case/case.ts";
import type { EntryBody } from "../../../lib/domain/ledger/entry.ts";
import { isNotUsableYet, isPendingAtRisk } from "../../../lib/domain/plan/at-risk.ts";
import type { Moment } from "../../../lib/domain/plan/attention.ts";
import { caseWith, decided, detection, toAllow, toAsk, toRestore } from "../../doubles/case-builder.ts";
import { day, t0 } from "../../doubles/key-world.ts";

const hour = 3_600_000;
const observed = decided(toRestore.effect, { mode: "observe" });
const requested: EntryBody = { kind: "approval-requested", from: "custodians", quorum: 2, deadline: t0 + day };
const allowed: EntryBody = { kind: "deletion-allowed", by: "rule" };
const intended: EntryBody = { kind: "restore-intended", late: false };
const restored: EntryBody = { kind: "key-restored", enabled: false, how: "answered" };
const open = (...bodies: readonly EntryBody[]): Case => caseWith(detection(), ...bodies);
const enforcing: Moment = { mode: "enforce", paused: false, now: t0 + hour };

describe("a pending key is at risk", () => {
  it.each<[string, Case | undefined, Partial<Moment>]>([
    ["without a case", undefined, {}],
    ["while nothing is decided", open(), {}],
    ["while it is to be restored, and is not", open(toRestore, intended), {}],
    ["after its case is over", open({ kind: "restored-by-others" }), {}],
    ["when nobody answered in time", open(toAsk, requested), { now: t0 + day }],
    [
      "when CloudTrail contradicts what allowed it",
      open(toAllow, allowed, { kind: "requester-unconfirmed", why: "no-record" }),
      {},
    ],
    ["when only observing had been decided, and the policy enforces", open(observed), {}],
  ])("%s", (_, newest, over) => {
    expect(isPendingAtRisk(newest, { ...enforcing, ...over })).toBe(true);
  });

  it.each<[string, Case, Partial<Moment>]>([
    ["while its deletion is allowed", open(toAllow, allowed), {}],
    ["while people have time left to answer", open(toAsk, requested), {}],
    ["under a policy that observes", open(observed), { mode: "observe" }],
    ["in a pause", open(observed), { paused: true }],
  ])("not %s", (_, newest, over) => {
    expect(isPendingAtRisk(newest, { ...enforcing, ...over })).toBe(false);
  });
});

describe("a restored key is not usable yet", () => {
  it.each<[string, readonly EntryBody[], boolean]>([
    ["before its restore", [toRestore, intended], false],
    ["until its usage is started", [toRestore, intended, restored], true],
    [
      "until then only",
      [toRestore, intended, restored, { kind: "key-usable", how: "answered", despiteRule: false }],
      false,
    ],
    [
      "unless it is left so on purpose",
      [toRestore, intended, restored, { kind: "key-left-disabled", why: "rule" }],
      false,
    ],
  ])("%s", (_, bodies, expected) => {
    expect(isNotUsableYet(open(...bodies))).toBe(expected);
  });
});
