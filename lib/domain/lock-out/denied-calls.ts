import type { Case } from "../case/case.ts";
import type { Entry, GuardedEffect } from "../ledger/entry.ts";
import { dayMs } from "../time.ts";
import type { RestoringCall } from "./denial.ts";

/** How long (ms) after a denial its lock-out may be undone: as long as the queue tries. */
const actsWithinMs = dayMs;

/** Returns whether `entry` records that the guard was refused a call for want of permission. */
function isDenial(entry: Entry): boolean {
  return entry.kind === "look-denied" || (entry.kind === "effect-failed" && entry.code === "ACCESS_DENIED");
}

/**
 * Returns whether entry `seq` is a denial that is still to be acted on at `now` (ms): a removal that is on record after it has settled it, whatever
 * statements it took.
 */
export function isOpenDenial(entries: readonly Entry[], seq: number, now: number): boolean {
  const entry = entries[seq - 1];
  if (entry === undefined || !isDenial(entry) || now - entry.at >= actsWithinMs) return false;
  return !entries.slice(seq).some(({ kind }) => kind === "deny-removed");
}

/**
 * Returns the calls that the restore of a key still lacks because they were denied, as its case records it. INVARIANT: there is none before a
 * restore was intended, so no policy is touched for a deletion that is allowed, undecided or only observed.
 */
export function deniedCalls(state: Case, entries: readonly Entry[]): readonly RestoringCall[] {
  if (state.over !== undefined || state.restore === "none") return [];
  const calls: RestoringCall[] = [];
  if (state.lookDenied) calls.push("GetKey");
  if (state.restore === "intended" && wasDenied(entries, "restore")) calls.push("RestoreKey");
  if (state.restore === "restored" && state.settled === undefined && wasDenied(entries, "start-usage"))
    calls.push("StartKeyUsage");
  return calls;
}

function wasDenied(entries: readonly Entry[], effect: GuardedEffect): boolean {
  const failed = entries.filter((entry) => entry.kind === "effect-failed");
  return failed.findLast((entry) => entry.effect === effect)?.code === "ACCESS_DENIED";
}

/**
 * Returns the number of the removal that is due, from 1: the one that was intended and has no end yet, or the next one. A retry goes on with the same,
 * and only another one counts against the hour.
 */
export function removalNumber({ denyRemoval }: Case, entries: readonly Entry[]): number {
  const intended = entries.filter(({ kind }) => kind === "deny-removal-intended").length;
  return denyRemoval?.state === "intended" ? intended : intended + 1;
}
