import type { Case } from "../case/case.ts";
import { stepForPendingKey } from "./pending-key.ts";
import { restFor, type Situation, type Step } from "./situation.ts";

/**
 * Returns what is missing while the time of the key's deletion cannot be read. A time on record still holds; without one
 * the key is restored whatever the policy says, because nobody could tell how long anything may wait.
 */
export function stepForUndatedKey(newest: Case, situation: Situation): Step {
  const { decision, deletePendingAt, restore } = newest;
  // Restored already: only GetKey can tell whether the key works.
  if (restore === "restored") return { do: "look-again" };
  if (deletePendingAt !== undefined) return stepForPendingKey(newest, deletePendingAt, situation);
  const observing: Step = { do: "wait", until: situation.now + restFor };
  if (situation.noRoom) return situation.mode === "enforce" ? { do: "restore", late: false } : observing;
  const provisional = decision?.mode === "observe" && situation.mode === "enforce";
  if (decision === undefined || newest.undecided || provisional) return { do: "decide" };
  if (situation.mode === "observe") return observing;
  const unexplained = decision.effect.outcome === "allow" && newest.confirmation === "open";
  if (unexplained) return { do: "record", body: { kind: "requester-unconfirmed", why: "time-unknown" } };
  return { do: "restore", late: false };
}
