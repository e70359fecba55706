import type { Case } from "../case/case.ts";
import type { WhyUndated } from "../key/payment-key.ts";
import { hourMs } from "../time.ts";
import { stepAtRest } from "./live-key.ts";
import { stepForPendingKey } from "./pending-key.ts";
import { restMs, type Situation, type Step } from "./situation.ts";

/** How long (ms) a case without a time waits for a GetKey that fails. No waiting period is shorter than three days. */
const unavailableGraceMs = hourMs;

/**
 * Returns what is missing while the time of the key's deletion cannot be read. A time on record holds until it has passed: a key
 * that is pending after it may have been deleted again. Without a time the key is restored whatever the policy says, because
 * nobody could tell how long anything may wait: at once if GetKey is denied, within an hour if it fails.
 */
export function stepForUndatedKey(newest: Case, why: WhyUndated, situation: Situation): Step {
  const { decision, deletePendingAt, restore } = newest;
  // Restored already: only GetKey can tell whether the key works, but people may go on deciding.
  if (restore === "restored")
    return newest.settled === undefined ? { do: "re-evaluate" } : stepAtRest(newest, situation);
  if (deletePendingAt !== undefined && situation.now < deletePendingAt)
    return stepForPendingKey(newest, deletePendingAt, situation);
  if (mayAwaitLook(newest, why, situation)) return { do: "re-evaluate" };
  const late = deletePendingAt !== undefined;
  const observing: Step = { do: "wait", until: situation.now + restMs };
  if (situation.noRoom) return situation.mode === "enforce" ? { do: "restore", late } : observing;
  const provisional = decision?.mode === "observe" && situation.mode === "enforce";
  if (decision === undefined || newest.undecided || provisional) return { do: "decide" };
  if (situation.mode === "observe") return observing;
  const unexplained = decision.effect.outcome === "allow" && newest.confirmation === "open";
  if (unexplained) return { do: "record", body: { kind: "requester-unconfirmed", why: "time-unknown" } };
  return { do: "restore", late };
}

/**
 * A GetKey that fails may answer again: one that fails for a moment undoes no allowed deletion, neither before its time is known nor after it.
 * One that is denied undoes none that CloudTrail confirmed: of a key that was deleted again, the later call reopens the question.
 */
function mayAwaitLook(newest: Case, why: WhyUndated, { now, withoutRecord }: Situation): boolean {
  const { allowed, confirmation, deletePendingAt, openedAt, requests, restore } = newest;
  if (restore !== "none") return false;
  if (deletePendingAt !== undefined)
    return allowed && (why === "unavailable" || (why === "denied" && confirmation === "confirmed"));
  if (why !== "unavailable") return false;
  // INVARIANT: the wait ends. A case that cannot be stored is opened by each run, and only the record of the call has a time that stays.
  const since = withoutRecord ? requests.at(-1)?.at : openedAt;
  return since !== undefined && now - since < unavailableGraceMs;
}
