import type { Chain } from "../ledger/chain.ts";
import type { Entry, EntryKind } from "../ledger/entry.ts";
import { reminderPercents } from "./question.ts";

/**
 * The largest item (bytes) that a case becomes. DynamoDB refuses one over 400 KB (409,600 bytes), and a case that cannot be written
 * any more is a key that nobody restores.
 */
export const maxCaseBytes = 350 * 1024;

/** The part of it for entries that others can cause again and again; the rest is for what follows from them. */
export const maxRepeatedBytes = 190_000;

/** The part of that for votes that do not count: anyone with AWS credentials can cast one. */
export const maxRefusedVoteBytes = 100_000;

/** The largest record (bytes) of a removed Deny for which room is kept: some 3,000 characters of its statement. */
export const maxKeptRemovalBytes = 4_000;

/** How often one case asks people. */
const maxQuestions = 4;

/** How many entries of each kind one case holds. */
export const maxOfKind: Readonly<Record<EntryKind, number>> = {
  "deletion-detected": 12,
  "key-named": 1,
  "requester-learned": 2,
  "event-missed": 2,
  "requester-confirmed": 16,
  "requester-unconfirmed": 8,
  "key-state-unknown": 8,
  decided: 12,
  // One for each record of a call, and one past the deletion's time.
  "restore-intended": 14,
  "key-restored": 4,
  "restored-by-others": 2,
  "deletion-superseded": 2,
  "usage-start-intended": 8,
  "key-usable": 8,
  "key-left-disabled": 8,
  "approval-requested": maxQuestions,
  "approval-reminded": maxQuestions * reminderPercents.length,
  "vote-cast": 100,
  "approval-granted": 4,
  "approval-refused": 4,
  "approval-expired": 4,
  "permit-issued": 4,
  "permit-withheld": 4,
  "permit-used": 8,
  "permit-revoked": 60,
  "usage-start-requested": 6,
  "deletion-allowed": 12,
  "key-destroyed": 2,
  "effect-failed": 48,
  "look-denied": 1,
  "deny-removal-intended": 4,
  "deny-removed": 4,
  "lock-out-left": 5,
  // A pause, and a permit that is requested before the deletion, are chains of their own.
  "permit-requested": 0,
  "permit-approved": 0,
  "pause-requested": 0,
  "pause-granted": 0,
  "pause-ended": 0,
  // So are changes other than deletions.
  "change-detected": 0,
  "change-judged": 0,
  "changes-crowded": 0,
  "revert-intended": 0,
  "change-reverted": 0,
  "revert-left": 0,
  // So is what concerns the stack.
  "call-refused": 0,
  "calls-not-recorded": 0,
  "keys-listed": 0,
  "policy-in-force": 0,
  "policy-text": 0,
  "alarm-began": 0,
  "alarm-ended": 0,
  "trail-exported": 0,
  // Of the log alone.
  "trail-differs": 0,
  "object-unreadable": 0,
  "object-out-of-order": 0,
  "clock-went-back": 0,
  closing: 0,
};

/** More of a kind than `maxOfKind` where the entry protects the key. */
export const protectiveReserve = 3;

const repeated: ReadonlySet<EntryKind> = new Set([
  "deletion-detected",
  "key-state-unknown",
  "decided",
  "approval-requested",
  "vote-cast",
  "usage-start-requested",
  // Its statements may be as large as a whole policy.
  "deny-removal-intended",
]);

/**
 * Whether a case has room for the last entry of `chain`. INVARIANT: what brings the key back, and what ends the case, always fits:
 * such entries are few, and no others may take the room that is kept for them.
 */
export function hasRoom(chain: Chain): boolean {
  const { entries, texts } = chain;
  const last = entries.at(-1);
  if (last === undefined || entries.length === 1) return true;
  const same = entries.filter(({ kind }) => kind === last.kind).length;
  const protects = isProtective(last, chain);
  return (
    same <= maxOfKind[last.kind] + (protects ? protectiveReserve : 0) && itemBytes({ texts }) <= limitOf(last, protects)
  );
}

function limitOf(entry: Entry, protects: boolean): number {
  if (protects || !repeated.has(entry.kind)) return maxCaseBytes;
  return entry.kind === "vote-cast" && entry.refused !== undefined ? maxRefusedVoteBytes : maxRepeatedBytes;
}

/** A decision to restore, the first votes to keep, and the first removal of a Deny: of the kinds that repeat, those that bring the key back. */
function isProtective(last: Entry, { entries, texts }: Chain): boolean {
  if (last.kind === "decided") return last.effect.outcome === "restore";
  if (last.kind === "deny-removal-intended") {
    const isFirst = entries.filter(({ kind }) => kind === last.kind).length === 1;
    return isFirst && Buffer.byteLength(texts.at(-1) ?? "") <= maxKeptRemovalBytes;
  }
  return isKeep(last) && repeatedKeeps(entries) <= protectiveReserve;
}

/** Votes to keep a key that is kept already. */
function repeatedKeeps(entries: readonly Entry[]): number {
  const kept = entries.findIndex(({ kind }) => kind === "approval-refused");
  return kept === -1 ? 0 : entries.slice(kept).filter(isKeep).length;
}

function isKeep(entry: Entry): boolean {
  return entry.kind === "vote-cast" && entry.vote.choice === "keep" && entry.refused === undefined;
}

/** DynamoDB adds 1 byte for each element of a list and 1 for its type; twice that leaves a margin. */
const elementBytes = 4;
/** Key, head, lease, status, counters and the names of all attributes; and the calls that earlier cases know, less than 4 KB. */
const frameBytes = 5_000;

/** Bytes of the item of a case, never fewer than DynamoDB counts. */
function itemBytes({ texts }: Pick<Chain, "texts">): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text) + elementBytes, frameBytes);
}
