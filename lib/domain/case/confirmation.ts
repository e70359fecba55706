import type { Case } from "./case.ts";

/** How long (ms) a record of a deletion may take to come, before the sweep looks the call up. */
export const eventGraceMs = 15 * 60_000;

/** How long (ms) CloudTrail's event history may take to show a call; AWS says about 5 minutes on average, and promises nothing. */
export const historyGraceMs = 60 * 60_000;

/** No deletion that nobody confirmed is left alone later than this (ms) before the key may be destroyed. */
export const safetyMarginMs = 86_400_000;

/** From so long (ms) before the key may be destroyed, no restore waits for records or labels. */
export const lastMomentMs = 48 * 60 * 60_000;

/** Until so long (ms) before the key may be destroyed, a deletion that was confirmed once waits for a history that cannot be read. */
const historyWaitEndMs = 60 * 60_000;

/** Returns whether the key may be destroyed within so little time (ms). `now` in ms since the epoch. */
export function isNearDestruction({ deletePendingAt, over }: Case, now: number, withinMs = safetyMarginMs): boolean {
  return over === undefined && deletePendingAt !== undefined && now >= deletePendingAt - withinMs;
}

/**
 * Returns whether an allowed deletion still lacks CloudTrail's confirmation, whether a rule, a permit or people allowed it: anyone who
 * can write to the guard queue could forge the record that was decided on, or that told people who had asked.
 */
export function awaitsConfirmation(state: Case, now: number): boolean {
  const isOpen = (state.requests.length > 0 && state.confirmation === "open") || needsRenewal(state, now);
  return state.allowed && state.end === undefined && isOpen;
}

/** When (ms) CloudTrail last confirmed the deletion, or had no call that could have led to it. */
function checkedAt({ requests, confirmation, confirmedAt, eventMissedAt }: Case): number | undefined {
  if (requests.length === 0) return eventMissedAt;
  return confirmation === "confirmed" ? confirmedAt : undefined;
}

/**
 * A confirmation from before the safety margin does not cover a later deletion that has the same `deletePendingAt`. INVARIANT: one from
 * within the margin covers all of them, because a deletion made then is pending for at least three days.
 */
function needsRenewal(state: Case, now: number): boolean {
  const { deletePendingAt = 0 } = state;
  const at = checkedAt(state);
  return at !== undefined && isNearDestruction(state, now) && at < deletePendingAt - safetyMarginMs;
}

/** Returns whether an allowed deletion may wait for a history that cannot be read: only one that was confirmed before. */
export function mayAwaitHistory({ confirmedAt, eventMissedAt, deletePendingAt = 0 }: Case, now: number): boolean {
  return (confirmedAt ?? eventMissedAt) !== undefined && now < deletePendingAt - historyWaitEndMs;
}

/**
 * Returns whether a deletion may pass by what is on record: it is allowed, and CloudTrail confirms it or can still be asked
 * in time. `now` in ms since the epoch.
 */
export function isReleased(state: Case, now: number): boolean {
  if (state.end !== undefined || !state.allowed || state.confirmation === "unconfirmed") return false;
  return !awaitsConfirmation(state, now) || !isNearDestruction(state, now) || mayAwaitHistory(state, now);
}

/** What the sweep has to look up about a case. */
export type FollowUp = "explain" | "confirm" | "nothing";

/** Returns what the sweep has to look up about the case `state` at `now` (ms since the epoch). */
export function followUp(state: Case, now: number): FollowUp {
  if (state.requests.length > 0)
    return awaitsConfirmation(state, now) || isAskedUnconfirmed(state) ? "confirm" : "nothing";
  const patient = now - state.openedAt < eventGraceMs && !isNearDestruction(state, now);
  if (state.eventMissedAt !== undefined) return awaitsConfirmation(state, now) ? "explain" : "nothing";
  return patient ? "nothing" : "explain";
}

/** Returns from when on (ms) the record of the deletion is looked up. Undefined where it is on record, or known to be missing. */
export function lookUpFrom({ requests, eventMissedAt, openedAt }: Case): number | undefined {
  return requests.length === 0 && eventMissedAt === undefined ? openedAt + eventGraceMs : undefined;
}

/** People decide about a pending key on the strength of a record: the requester is looked up before they can release it. */
function isAskedUnconfirmed({ question, confirmation, restore, end }: Case): boolean {
  const asked = question?.state === "open" || question?.state === "granted";
  return asked && confirmation === "open" && restore === "none" && end === undefined;
}
