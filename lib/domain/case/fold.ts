import type { Chain } from "../ledger/chain.ts";
import type { Entry, EntryKind, EntryOf } from "../ledger/entry.ts";
import type { Case } from "./case.ts";
import { withEnd } from "./end.ts";
import { blank, detected, learned } from "./fold-detection.ts";
import { asked, kept, voted, withdrawn, withQuestion } from "./fold-question.ts";

/** What an entry of one kind changes in the state of its case. */
type Fold<Kind extends EntryKind> = (before: Case, entry: EntryOf<Kind>) => Case;

const unchanged = (before: Case): Case => before;
const over = (before: Case, { kind }: EntryOf<NonNullable<Case["over"]>>): Case => ({ ...before, over: kind });
const settled = (before: Case): Case => ({ ...before, permitSettled: true });

/** Complete at compile time: a new kind of entry needs a row. */
const folds: { readonly [Kind in EntryKind]: Fold<Kind> } = {
  "deletion-detected": detected,
  "key-named": (before, { aliases }) => ({ ...before, aliases }),
  "requester-learned": learned,
  "event-missed": (before, { at }) => ({ ...before, eventMissedAt: at }),
  "requester-confirmed": (before, { at }) => ({ ...before, confirmation: "confirmed", confirmedAt: at }),
  "requester-unconfirmed": (before) => ({
    ...before,
    confirmation: "unconfirmed",
    allowed: false,
    ...withdrawn(before),
  }),
  "key-state-unknown": (before, { state }) => ({ ...before, unknownState: state }),
  "restored-by-others": over,
  "deletion-superseded": over,
  "key-destroyed": over,
  decided: (before, entry) => ({
    ...before,
    decision: entry,
    undecided: false,
    allowed: before.allowed && entry.effect.outcome === "allow",
    ...(entry.effect.outcome === "allow" && withdrawn(before)),
  }),
  "deletion-allowed": (before, { at }) => ({ ...before, allowed: true, allowedAt: at }),
  // A deletion that people allowed is no longer allowed once the restore begins, as when their approval lapses.
  "restore-intended": (before, { late }) => ({
    ...before,
    restore: "intended",
    lateRestore: late ? "intended" : before.lateRestore,
    intentStands: true,
    allowed: before.allowed && before.decision?.effect.outcome !== "ask",
  }),
  "key-restored": (before, { at }) => ({ ...before, restore: "restored", restoredAt: at }),
  "usage-start-requested": ({ settled: _rest, whyLeftDisabled: _why, ...before }) => ({
    ...before,
    usageStartRequested: true,
    usageStartIntended: false,
    failed: { ...before.failed, "start-usage": 0 },
  }),
  "usage-start-intended": (before) => ({ ...before, usageStartIntended: true }),
  "key-usable": (before, { kind }) => ({ ...before, settled: kind }),
  "key-left-disabled": (before, { kind, why }) => ({
    ...before,
    settled: kind,
    whyLeftDisabled: why,
    usageStartRequested: false,
  }),
  "effect-failed": (before, { effect, attempt }) => ({ ...before, failed: { ...before.failed, [effect]: attempt } }),
  "look-denied": (before) => ({ ...before, lookDenied: true }),
  "deny-removal-intended": (before) => ({ ...before, denyRemoval: { state: "intended" } }),
  "deny-removed": (before, { at }) => ({ ...before, denyRemoval: { state: "removed", at } }),
  "lock-out-left": (before, { why }) => ({
    ...before,
    lockOutLeft: why,
    ...(why === "came-back" && { denyRemoval: { state: why } }),
  }),
  "approval-requested": asked,
  "approval-reminded": (before, { percent }) => withQuestion(before, { reminded: percent }),
  "vote-cast": voted,
  "approval-granted": (before, { by }) => withQuestion(before, { state: "granted", grantedBy: by }),
  "approval-refused": kept,
  "approval-expired": (before) => withQuestion(before, { state: "expired" }),
  "permit-issued": settled,
  "permit-withheld": settled,
  "permit-used": (before, { permit }) => ({ ...before, permitUsed: permit }),
  "permit-revoked": unchanged,
  // Permits that are requested beforehand, pauses and other changes are chains of their own, and no case has such entries.
  "permit-requested": unchanged,
  "permit-approved": unchanged,
  "pause-requested": unchanged,
  "pause-granted": unchanged,
  "pause-ended": unchanged,
  "change-detected": unchanged,
  "change-judged": unchanged,
  "changes-crowded": unchanged,
  "change-asked": unchanged,
  "change-permit-requested": unchanged,
  "change-permit-issued": unchanged,
  "change-permit-used": unchanged,
  "change-permit-revoked": unchanged,
  "revert-intended": unchanged,
  "change-reverted": unchanged,
  "revert-left": unchanged,
  // What concerns the stack is in chains of its own.
  "call-refused": unchanged,
  "calls-not-recorded": unchanged,
  "keys-listed": unchanged,
  "policy-in-force": unchanged,
  "policy-text": unchanged,
  "alarm-began": unchanged,
  "alarm-ended": unchanged,
  "trail-exported": unchanged,
  "trail-differs": unchanged,
  "object-unreadable": unchanged,
  "object-out-of-order": unchanged,
  "clock-went-back": unchanged,
  closing: unchanged,
};

/** Returns the state of a case after one more entry. */
export function withEntry(before: Case, entry: Entry): Case {
  const fold = folds[entry.kind] as (before: Case, entry: Entry) => Case;
  return withEnd(fold(before, entry));
}

/** The state of a case: a pure fold over its entries. Undefined for a list that no case begins with. */
export function foldCase(entries: readonly Entry[]): Case | undefined {
  const [first, ...rest] = entries;
  if (first?.kind !== "deletion-detected") return undefined;
  return rest.reduce(withEntry, detected(blank(first, first.at), first));
}

/** The state of a chain that is known to hold a case; a TypeError for any other is a fault in the guard itself. */
export function caseOf(chain: Chain): Case {
  const folded = foldCase(chain.entries);
  if (folded === undefined) throw new TypeError("a case begins with `deletion-detected`");
  return folded;
}
