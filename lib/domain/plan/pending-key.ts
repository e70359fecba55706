import { approvalStands } from "../approval/dual-control.ts";
import { isLive, permits } from "../approval/permit.ts";
import type { Case } from "../case/case.ts";
import {
  awaitsConfirmation,
  historyGraceMs,
  isNearDestruction,
  mayAwaitHistory,
  safetyMarginMs,
} from "../case/confirmation.ts";
import type { Question } from "../case/question.ts";
import type { Approval } from "../policy/decision.ts";
import { hourMs } from "../time.ts";
import { openQuestion } from "./open-question.ts";
import { isOutOfTime, isPastWaiting, restMs, type Situation, type Step } from "./situation.ts";

/** How often (ms) someone looks whether the deletion that is left alone is still the one that was allowed. */
const verifyEveryMs = hourMs;

/** What is missing while the key is pending until `deletePendingAt` (ms): a decision, and what follows from it. */
export function stepForPendingKey(newest: Case, deletePendingAt: number, situation: Situation): Step {
  const { mode } = situation;
  // INVARIANT: a deletion whose record found no room is not decided on without it, and so does not pass.
  if (situation.noRoom)
    return mode === "enforce"
      ? restoreNow(deletePendingAt, situation)
      : leftAlone(deletePendingAt, situation.now, verifyEveryMs);
  if (newest.deletePendingAt === undefined) return { do: "attach-request", source: "unattributed-event" };
  const { decision } = newest;
  const provisional = decision?.mode === "observe" && mode === "enforce";
  if (decision === undefined || newest.undecided || provisional) return { do: "decide" };
  if (mode === "observe" || decision.mode === "observe")
    return leftAlone(deletePendingAt, situation.now, verifyEveryMs);
  if (newest.kept || !mayBeLeftAlone(newest, situation)) return restoreNow(deletePendingAt, situation);
  switch (decision.effect.outcome) {
    case "allow":
      return allowed(newest, deletePendingAt, "rule", situation);
    case "ask":
      return asked(newest, deletePendingAt, decision.effect.approval, situation);
    case "restore":
      return restoreNow(deletePendingAt, situation);
  }
}

/** INVARIANT: nothing that CloudTrail does not confirm is left to die. */
function mayBeLeftAlone(newest: Case, situation: Situation): boolean {
  // What began to restore the key goes on: the reason may have found no room on record.
  if (newest.restore === "intended") return false;
  if (newest.confirmation === "unconfirmed") return false;
  const { now } = situation;
  return !awaitsConfirmation(newest, now) || !isOutOfTime(newest, situation) || mayAwaitHistory(newest, now);
}

function allowed(newest: Case, deletePendingAt: number, by: "rule" | "approval" | "permit", { now }: Situation): Step {
  if (!newest.allowed) return { do: "record", body: { kind: "deletion-allowed", by } };
  if (!awaitsConfirmation(newest, now)) return leftAlone(deletePendingAt, now, verifyEveryMs);
  // Every sweep within the safety margin asks CloudTrail.
  if (isNearDestruction(newest, now)) return { do: "wait", until: now };
  const graceLeft = (newest.allowedAt ?? now) + historyGraceMs - now;
  return leftAlone(deletePendingAt, now, graceLeft > 0 ? Math.min(graceLeft, restMs) : restMs);
}

function leftAlone(deletePendingAt: number, now: number, every: number): Step {
  // The service may be up to 24 h late with the destruction itself.
  if (now >= deletePendingAt) return { do: "wait", until: now + restMs };
  const marks = [deletePendingAt - safetyMarginMs, deletePendingAt].filter((mark) => mark > now);
  return { do: "wait", until: Math.min(now + every, ...marks) };
}

/** The service may be up to 24 h late with the destruction itself: the key is restored until GetKey says that it is gone. */
function restoreNow(deletePendingAt: number, { now }: Situation): Step {
  return { do: "restore", late: now >= deletePendingAt };
}

/** People decide; the key is still pending. INVARIANT: silence restores it, and so does an approval that no longer stands. */
function asked(newest: Case, deletePendingAt: number, approval: Approval, situation: Situation): Step {
  const { question, permitUsed, restore } = newest;
  if (restore !== "none") return restoreNow(deletePendingAt, situation);
  if (permitUsed !== undefined) return allowed(newest, deletePendingAt, "permit", situation);
  switch (question?.state) {
    case "granted":
      return approvalStands(newest, situation.directory)
        ? allowed(newest, deletePendingAt, "approval", situation)
        : restoreNow(deletePendingAt, situation);
    case "open":
      return mayReconsider(newest, situation) ? { do: "reconsider" } : stillAsked(newest, question, situation);
    case "refused":
    case "expired":
    case "withdrawn":
      return restoreNow(deletePendingAt, situation);
    case undefined:
      return notAskedYet(newest, deletePendingAt, approval, situation);
  }
}

/** A policy deployed since may allow what people were asked about: only the sweep looks, and only at a deletion whose record is certain. */
function mayReconsider(newest: Case, { trigger, reconsidered, policyHash, withoutRecord }: Situation): boolean {
  const { decision, requests, confirmation, eventMissedAt } = newest;
  const isCertain = requests.length === 0 ? eventMissedAt !== undefined : confirmation === "confirmed";
  const mayJudge = trigger === "sweep" && !reconsidered && !withoutRecord;
  return mayJudge && isCertain && decision?.policyHash !== policyHash;
}

/** Until people have answered, sweeps go on looking the requester up, and at the policy in force. */
function stillAsked(newest: Case, question: Question, situation: Situation): Step {
  const step = openQuestion(newest, question, situation);
  const every = newest.confirmation === "open" ? restMs : verifyEveryMs;
  return step.do === "wait" ? { do: "wait", until: Math.min(step.until, situation.now + every) } : step;
}

function notAskedYet(newest: Case, deletePendingAt: number, approval: Approval, situation: Situation): Step {
  const { permits: known, directory, now, keep, withoutRecord } = situation;
  if (known === undefined) return { do: "read-permits" };
  const usable = known.find((permit) => permits(permit, newest, directory, keep));
  if (usable !== undefined) return { do: "use-permit", permit: usable.permit.id };
  const requesterMatters = newest.requests.length === 0 && known.some((permit) => isLive(permit, now, restMs, keep));
  // A question that nobody can record would reach nobody.
  if (withoutRecord) return restoreNow(deletePendingAt, situation);
  if (requesterMatters && !isPastWaiting(newest, situation)) return { do: "await-requester" };
  // People need time that the service does not take from them, and the restore needs some too.
  const deadline = Math.min(now + approval.withinMs, deletePendingAt - safetyMarginMs);
  const mayWait = approval.meanwhile === "pending" && deadline > now;
  return mayWait ? { do: "ask", deadline } : restoreNow(deletePendingAt, situation);
}
