import type { Case } from "./case.ts";
import { awaitsConfirmation, isNearDestruction, safetyMargin } from "./confirmation.ts";
import type { Approval } from "./decision.ts";
import { isLive, permits } from "./permit.ts";
import { openQuestion } from "./question-step.ts";
import { isPastWaiting, restFor, type Situation, type Step } from "./situation.ts";

/** How often (ms) somebody looks whether the deletion that is left alone is still the one that was allowed. */
const verifyEvery = 60 * 60_000;

/** What is missing while the key is pending until `deletePendingAt` (ms): a decision, and what follows from it. */
export function stepForPendingKey(newest: Case, deletePendingAt: number, situation: Situation): Step {
  const { mode } = situation;
  // INVARIANT: a deletion whose record found no room is not decided on without it, and so does not pass.
  if (situation.noRoom)
    return mode === "enforce"
      ? restoreNow(deletePendingAt, situation)
      : leftAlone(deletePendingAt, situation.now, verifyEvery);
  if (newest.deletePendingAt === undefined) return { do: "take-in", source: "unattributed-event" };
  const { decision } = newest;
  const provisional = decision?.mode === "observe" && mode === "enforce";
  if (decision === undefined || newest.undecided || provisional) return { do: "decide" };
  if (mode === "observe" || decision.mode === "observe") return leftAlone(deletePendingAt, situation.now, verifyEvery);
  if (!mayBeLeftAlone(newest, situation)) return restoreNow(deletePendingAt, situation);
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
function mayBeLeftAlone(newest: Case, { trigger, now }: Situation): boolean {
  // What began to bring the key back goes on: the reason may have found no room on record.
  if (newest.restore === "intended") return false;
  if (newest.confirmation === "unconfirmed") return false;
  // Only the sweep can have asked CloudTrail, so only the sweep may conclude that it does not answer.
  return !(trigger === "sweep" && awaitsConfirmation(newest) && isNearDestruction(newest, now));
}

function allowed(newest: Case, deletePendingAt: number, by: "rule" | "approval" | "permit", { now }: Situation): Step {
  if (!newest.allowed) return { do: "record", body: { kind: "deletion-allowed", by } };
  return leftAlone(deletePendingAt, now, awaitsConfirmation(newest) ? restFor : verifyEvery);
}

function leftAlone(deletePendingAt: number, now: number, every: number): Step {
  // The service may be up to 24 h late with the destruction itself.
  return { do: "wait", until: now >= deletePendingAt ? now + restFor : Math.min(deletePendingAt, now + every) };
}

/** The service may be up to 24 h late with the destruction itself: the key is restored until GetKey says that it is gone. */
function restoreNow(deletePendingAt: number, { now }: Situation): Step {
  return { do: "restore", late: now >= deletePendingAt };
}

/** People decide; the key is still pending. INVARIANT: whoever keeps it comes first, and silence restores it. */
function asked(newest: Case, deletePendingAt: number, approval: Approval, situation: Situation): Step {
  const { question, kept, permitUsed, restore } = newest;
  if (kept || restore !== "none") return restoreNow(deletePendingAt, situation);
  if (permitUsed !== undefined) return allowed(newest, deletePendingAt, "permit", situation);
  switch (question?.state) {
    case "granted":
      return allowed(newest, deletePendingAt, "approval", situation);
    case "open":
      return openQuestion(newest, question, situation);
    case "refused":
    case "expired":
      return restoreNow(deletePendingAt, situation);
    case undefined:
      return notAskedYet(newest, deletePendingAt, approval, situation);
  }
}

function notAskedYet(newest: Case, deletePendingAt: number, approval: Approval, situation: Situation): Step {
  const { permits: known, directory, now, withoutRecord } = situation;
  if (known === undefined) return { do: "read-permits" };
  const usable = known.find((permit) => permits(permit, newest, directory));
  if (usable !== undefined) return { do: "use-permit", permit: usable.permit.generation };
  const requesterMatters = newest.requests.length === 0 && known.some((permit) => isLive(permit, now, restFor));
  // A question that nobody can record would reach nobody.
  if (withoutRecord) return restoreNow(deletePendingAt, situation);
  if (requesterMatters && !isPastWaiting(newest, now)) return { do: "await-requester" };
  // People need time that the service does not take from them, and the restore needs some too.
  const deadline = Math.min(now + approval.withinMs, deletePendingAt - safetyMargin);
  const mayWait = approval.meanwhile === "pending" && deadline > now;
  return mayWait ? { do: "ask", deadline } : restoreNow(deletePendingAt, situation);
}
