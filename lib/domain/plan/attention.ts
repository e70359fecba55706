import type { Case } from "../case/case.ts";
import { awaitsConfirmation, isNearDestruction, safetyMarginMs } from "../case/confirmation.ts";
import { nextMoment } from "../case/question.ts";
import { hourMs } from "../time.ts";
import { modeOfCase } from "./mode-of-case.ts";

/** What the sweep knows of a key before it calls the control plane. Times are ms since the epoch. */
export interface KeyInView {
  /** ListKeys shows the key in `DELETE_PENDING`. */
  readonly listed: boolean;
  /** The newest case of the key, if it has one. */
  readonly newest?: Case;
  /** When that case asked to be looked at again. */
  readonly dueAt: number;
  /** Entries of that case are not published yet. */
  readonly unpublished: boolean;
  /** Someone keeps the key: permits may be left to revoke. */
  readonly kept: boolean;
}

/** What is in force while a sweep runs. */
export interface Moment {
  /** Mode of the policy. */
  readonly mode: "observe" | "enforce";
  /** A pause is in force. */
  readonly paused: boolean;
  /** ms since the epoch. */
  readonly now: number;
}

/** `due`: something is to be done now. `verify`: all that is to be done is to check that the key still only waits, or to ask CloudTrail who deleted it. `idle`: nothing yet. */
export type Attention = "due" | "verify" | "idle";

/** Returns what a key needs from this sweep. INVARIANT: a key in `DELETE_PENDING` is idle only while its case provably only waits. */
export function attentionFor(view: KeyInView, moment: Moment): Attention {
  const { listed, newest, dueAt, unpublished, kept } = view;
  const { now } = moment;
  if (newest === undefined) return listed ? "due" : "idle";
  if (newest.end !== undefined) return listed || (kept && dueAt <= now) ? "due" : "idle";
  if (!listed && dueAt > now) return "idle";
  if (unpublished || !onlyWaits(newest, moment)) return "due";
  if (dueAt > now) return "idle";
  return isRestoredUnlessConfirmed(newest, now) ? "due" : "verify";
}

/** Whether the key is restored soon unless CloudTrail confirms its deletion. Until then looking up a requester is a verification. */
function isRestoredUnlessConfirmed(state: Case, now: number): boolean {
  return awaitsConfirmation(state, now) && isNearDestruction(state, now);
}

/** Whether the deletion is left alone, or people have time left to answer. */
function onlyWaits(state: Case, moment: Moment): boolean {
  const { allowed, decision, question, undecided, kept, confirmation, restore } = state;
  if (decision === undefined || undecided || kept || confirmation === "unconfirmed") return false;
  const observed = decision.mode === "observe";
  if (modeFor(state, moment) === "observe") return observed || allowed || restore === "none";
  // What was only observed is decided again as soon as the policy enforces.
  if (observed) return false;
  const asked = question?.state === "open" && nextMoment(question) > moment.now;
  return restore === "none" && (allowed || asked);
}

/** A pause does not hold for a key that would be gone before people could look again. */
function modeFor(newest: Case, { mode, paused, now }: Moment): Moment["mode"] {
  const { deletePendingAt = 0 } = newest;
  return modeOfCase(newest, { mode, paused: paused && now < deletePendingAt - safetyMarginMs });
}

/** The class of a key that lives: nothing of it can be lost. */
export const leastUrgent = 13;

/**
 * Returns how urgent a key is, 0 first: the time left until it is destroyed or a deadline passes, in classes that double (up to 2 h, 4 h, 8 h ...
 * 340 days). Within a class other things decide. A time that is not known counts as a day.
 */
export function urgencyOf(newest: Case | undefined, now: number): number {
  const timeLeft = (newest === undefined ? undefined : lostAt(newest)) ?? now + safetyMarginMs;
  const hours = (timeLeft - now) / hourMs;
  return hours <= 1 ? 0 : Math.min(leastUrgent, Math.floor(Math.log2(hours)));
}

function lostAt({ end, restore, question, deletePendingAt }: Case): number | undefined {
  if (end !== undefined) return undefined;
  if (restore === "restored") return Number.POSITIVE_INFINITY;
  const deadline = question?.state === "open" ? question.deadline : Number.POSITIVE_INFINITY;
  return deletePendingAt === undefined ? undefined : Math.min(deletePendingAt, deadline);
}
