import type { PermitState } from "../approval/permit.ts";
import type { Case } from "../case/case.ts";
import { eventGraceMs, isNearDestruction, safetyMarginMs } from "../case/confirmation.ts";
import type { Keep } from "../case/keep.ts";
import type { KeySighting } from "../case/usage-evidence.ts";
import type { DeletionRequest } from "../deletion/request.ts";
import type { KeyObservation } from "../key/payment-key.ts";
import type { DetectionSource, EntryBody, UsageEvidence } from "../ledger/entry.ts";
import type { PermitId } from "../ledger/permit-name.ts";
import type { Directory } from "../people/directory.ts";
import { minuteMs } from "../time.ts";

/** Everything the next step depends on. Times are ms since the epoch. */
export interface Situation {
  readonly now: number;
  /** Mode of the policy now in force. */
  readonly mode: "observe" | "enforce";
  /** Hash of that policy. */
  readonly policyHash: string;
  readonly observation: KeyObservation;
  /** The newest case of the key, ended or not. */
  readonly newest?: Case;
  /** A record of a deletion that no case of the key knows yet. */
  readonly newRequest?: DeletionRequest;
  readonly trigger: "event" | "service-event" | "hint" | "re-evaluate" | "sweep";
  /** ListKeys shows the key in `DELETE_PENDING` in this very sweep. */
  readonly listed: boolean;
  /** The sweep has asked CloudTrail about this key, answered or not. */
  readonly asked: boolean;
  /** An open question was judged by the policy now in force. */
  readonly reconsidered: boolean;
  readonly directory: Directory;
  /** The latest Keep recorded in any case of the key. */
  readonly keep?: Keep;
  /** This run has recorded in the permits' chains what `keep` revokes. */
  readonly permitsRevoked?: boolean;
  /** The permits of the key, once they were read; they are read only where one could matter. */
  readonly permits?: readonly PermitState[];
  /** What the inventory knows of the key, once it was asked; it is asked only where a key came back disabled. */
  readonly lastSeen?: KeySighting | "never";
  /** Nothing can be recorded: no question can be asked, and no vote counted. */
  readonly withoutRecord: boolean;
  /** The store could not record a restore of the key: this instance has made one, or an earlier delivery of the same message may have. */
  readonly unrecordedAttempt: boolean;
  /** This run has seen StartKeyUsage succeed for the newest case. */
  readonly startedHere?: boolean;
  /** The newest case had no room for an entry: what is not on record lets no key die. */
  readonly noRoom?: true;
}

export type Step =
  /** Open the next generation. */
  | { readonly do: "open"; readonly source: DetectionSource }
  | { readonly do: "record"; readonly body: EntryBody }
  | { readonly do: "attach-request"; readonly source: DetectionSource }
  | { readonly do: "decide" }
  /** Judge an open question by the policy now in force, which may allow what people were asked about. */
  | { readonly do: "reconsider" }
  | { readonly do: "restore"; readonly late: boolean }
  | { readonly do: "start-usage"; readonly evidence: UsageEvidence }
  | { readonly do: "read-permits" }
  | { readonly do: "revoke-permits" }
  | { readonly do: "read-inventory" }
  | { readonly do: "use-permit"; readonly permit: PermitId }
  | { readonly do: "issue-permit" }
  | { readonly do: "ask"; readonly deadline: number }
  | { readonly do: "await-requester" }
  | { readonly do: "re-evaluate" }
  | { readonly do: "wait"; readonly until: number }
  | { readonly do: "done" };

/** How long (ms) an open case with nothing to do now rests before someone looks again. */
export const restMs = 15 * minuteMs;

/** How long (ms) before the key may be destroyed every run acts on what it knows: no sweep may come any more. */
const lastMomentsMs = 15 * minuteMs;

/**
 * Returns whether nothing is waited for any more, because the key may be destroyed soon. INVARIANT: a sweep comes to that within the
 * safety margin, and only once it has asked CloudTrail; every other run only in the last moments.
 */
export function isOutOfTime(
  state: Case,
  { now, trigger, asked }: Pick<Situation, "now" | "trigger" | "asked">,
): boolean {
  if (trigger === "sweep") return asked && isNearDestruction(state, now);
  return isNearDestruction(state, now, lastMomentsMs);
}

/** Returns whether no record of the deletion is waited for any more. */
export function isPastWaiting(state: Case, situation: Pick<Situation, "now" | "trigger" | "asked">): boolean {
  return (
    state.eventMissedAt !== undefined || situation.now - state.openedAt >= eventGraceMs || isOutOfTime(state, situation)
  );
}

/** Returns until when (ms) a record of the deletion is waited for: within the safety margin the next sweep is to ask for it. */
export function awaitedUntil({ openedAt, deletePendingAt = Number.POSITIVE_INFINITY }: Case): number {
  return Math.min(openedAt + eventGraceMs, deletePendingAt - safetyMarginMs);
}
