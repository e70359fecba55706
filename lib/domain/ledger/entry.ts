import type { DeletionRequest } from "../deletion/request.ts";
import type { KeyArn } from "../key/key-arn.ts";
import type { PaymentKey } from "../key/payment-key.ts";
import type { VoteCast, Voter } from "../people/vote.ts";
import type { Effect } from "../policy/decision.ts";
import type { Permit } from "./permit-terms.ts";
import type { RecordedAliases, RecordedTags } from "./recorded-labels.ts";
import type { RecordedPassedOver } from "./recorded-passed-over.ts";

/** What one entry of a case says. Entries are evidence: they are added, never changed. Times are ms since the epoch. */
export type EntryBody =
  | DeletionDetected
  | { readonly kind: "requester-learned"; readonly request: DeletionRequest }
  /** No record of the deletion came, and CloudTrail's event history has none either. */
  | { readonly kind: "event-missed" }
  /** CloudTrail's event history has the record that was decided on, and no other call after it. Renewed once within the safety margin. */
  | { readonly kind: "requester-confirmed"; readonly eventId: string }
  | { readonly kind: "requester-unconfirmed"; readonly why: WhyUnconfirmed }
  | { readonly kind: "key-state-unknown"; readonly state: string }
  | Decided
  | { readonly kind: "restore-intended"; readonly late: boolean }
  | {
      readonly kind: "key-restored";
      readonly enabled: boolean;
      readonly how: HowRestored;
      readonly restoredAfterMs?: number;
    }
  | { readonly kind: "restored-by-others" }
  /** The key was deleted again; until when it is pending now is absent while GetKey does not tell. */
  | { readonly kind: "deletion-superseded"; readonly newDeletePendingAt?: number }
  | { readonly kind: "usage-start-intended"; readonly evidence: UsageEvidence }
  | { readonly kind: "key-usable"; readonly timeToUsableMs?: number; readonly despiteRule: boolean }
  | { readonly kind: "key-left-disabled"; readonly why: WhyLeftDisabled }
  | ApprovalRequested
  | { readonly kind: "approval-reminded"; readonly percent: ReminderPercent }
  | VoteCast
  | { readonly kind: "approval-granted"; readonly by: readonly string[]; readonly quorum: number }
  | { readonly kind: "approval-refused"; readonly by: string; readonly afterApproval: boolean }
  | { readonly kind: "approval-expired" }
  | { readonly kind: "permit-issued"; readonly permit: Permit }
  | { readonly kind: "permit-withheld"; readonly why: WhyWithheld }
  | {
      readonly kind: "permit-used";
      /** Generation of the case whose approvers gave it; below 0 for one that was asked for beforehand. */
      readonly permit: number;
      readonly case: { readonly keyArn: KeyArn; readonly generation: number };
      /** eventID of the deletion that it let pass. */
      readonly eventId: string;
    }
  | {
      readonly kind: "permit-revoked";
      readonly permit: number;
      readonly by: string;
      /** Where it was taken back by itself, and not by keeping the key. */
      readonly voter?: Voter;
      readonly reason?: string;
    }
  | PermitRequested
  | {
      readonly kind: "permit-approved";
      readonly voter: Voter;
      readonly person: string;
      readonly reason: string;
    }
  | { readonly kind: "usage-start-requested"; readonly voter: Voter; readonly person: string }
  | PauseRequested
  | {
      readonly kind: "pause-granted";
      readonly voter: Voter;
      readonly person: string;
      readonly reason: string;
      readonly until: number;
    }
  | { readonly kind: "pause-ended"; readonly voter: Voter; readonly person: string; readonly reason: string }
  | { readonly kind: "deletion-allowed"; readonly by: "rule" | "approval" | "permit" }
  | { readonly kind: "key-destroyed"; readonly how: "delete-complete" | "not-found" | "service-event" }
  | { readonly kind: "effect-failed"; readonly effect: GuardedEffect; readonly code: string; readonly attempt: number };

/** The first entry of every pause. A pause is a chain of its own: it concerns no single key. */
export interface PauseRequested {
  readonly kind: "pause-requested";
  readonly no: number;
  readonly forMs: number;
  readonly voter: Voter;
  readonly person: string;
  readonly reason: string;
}

/** The first entry of a permit that was asked for beforehand. It is a chain of its own: there is no deletion yet, and so no case. */
export interface PermitRequested {
  readonly kind: "permit-requested";
  readonly keyArn: KeyArn;
  readonly no: number;
  /** The rule of the policy that asks people about such a key. */
  readonly rule: string;
  readonly principal: string;
  /** The person who may use it, where one is named or known. */
  readonly subject?: string;
  readonly minWaitingMs: number;
  /** Until when it may be approved. */
  readonly deadline: number;
  readonly voter: Voter;
  readonly person: string;
  readonly reason: string;
}

/** A key was found scheduled for deletion, or a record of its deletion came in. The first entry of every case is one. */
export interface DeletionDetected {
  readonly kind: "deletion-detected";
  readonly case: { readonly keyArn: KeyArn; readonly generation: number };
  readonly source: DetectionSource;
  readonly guardVersion: string;
  /** The key as GetKey showed it, unless it is gone. */
  readonly key?: PaymentKey;
  /** Absent when the key was no longer pending. */
  readonly deletePendingAt?: number;
  /** Absent when no record was at hand. */
  readonly request?: DeletionRequest;
}

/** `unattributed-event`: the record is kept, but is not the call that led to the pending deletion (`isRequestOf`). `hint`: a message that is refused named the key. */
export type DetectionSource = "event" | "unattributed-event" | "service-event" | "hint" | "re-evaluate" | "sweep";

/**
 * `no-record`: CloudTrail has no such call, or knows one after it; `record-differs`: it has another record under the same eventID;
 * `history-unreadable`: its event history could not be read to its end before the last hour; `time-unknown`: the key's deletion time
 * cannot be read, so no later check could come in time.
 */
export type WhyUnconfirmed = "no-record" | "record-differs" | "history-unreadable" | "time-unknown";

export interface Decided extends RecordedPassedOver {
  readonly kind: "decided";
  readonly effect: Effect;
  readonly rule: string;
  readonly mode: "observe" | "enforce";
  readonly policyHash: string;
  /** The number of the pause because of which an enforcing policy only observed. */
  readonly pause?: number;
  readonly withRequester: boolean;
  /** Labels of the key, only where a rule asked for them: what the rules read, and a fingerprint of all. */
  readonly tags?: RecordedTags;
  readonly aliases?: RecordedAliases;
  /** What could not be read, and so was decided without. */
  readonly unreadable?: readonly ("tags" | "aliases")[];
  /** Where people decide: the persons of the group as the policy named them then. Nobody joins later. */
  readonly approvers?: readonly string[];
}

/** The people are asked. What they need to know of the key beyond `deletion-detected` was fetched for them, as far as it could be had. */
export interface ApprovalRequested {
  readonly kind: "approval-requested";
  readonly from: string;
  /** As told to the approvers: one more than the rule's where the requester is not known as a person. */
  readonly quorum: number;
  readonly deadline: number;
  readonly tags?: RecordedTags;
  readonly aliases?: RecordedAliases;
}

/** Parts of the time to decide at which the approvers are reminded; at the last one somebody else hears of it too. */
export const reminderPercents = [50, 80, 95] as const;
export type ReminderPercent = (typeof reminderPercents)[number];

/** `answered`: RestoreKey said so; `found`: seen after an intent of ours; `unrecorded`: after an attempt the store could not record. */
export type HowRestored = "answered" | "found" | "unrecorded";

export type UsageEvidence =
  | "enabled-in-deletion-response"
  | "enabled-in-inventory"
  | "stopped-by-deletion"
  | "requested-by-person";

export type WhyLeftDisabled =
  | "rule"
  | "stopped-before-deletion"
  | "disabled-in-inventory"
  | "usage-changed-since"
  | "no-evidence-that-it-was-enabled"
  | "start-failed";

/** `approval-lapsed`: too few approved, without those who turned out to be requesters or have left the group. */
export type WhyWithheld = "requester-unknown" | "approval-lapsed" | "no-room-to-ask";

export type GuardedEffect = "restore" | "start-usage";

/** One link of the chain: `prev` is the SHA-256 of the canonical JSON of the entry before it. */
export type Entry = EntryBody & { readonly seq: number; readonly at: number; readonly prev: string };

export type EntryKind = EntryBody["kind"];

const known: Record<EntryKind, true> = {
  "deletion-detected": true,
  "requester-learned": true,
  "event-missed": true,
  "requester-confirmed": true,
  "requester-unconfirmed": true,
  "key-state-unknown": true,
  decided: true,
  "restore-intended": true,
  "key-restored": true,
  "restored-by-others": true,
  "deletion-superseded": true,
  "usage-start-intended": true,
  "key-usable": true,
  "key-left-disabled": true,
  "approval-requested": true,
  "approval-reminded": true,
  "vote-cast": true,
  "approval-granted": true,
  "approval-refused": true,
  "approval-expired": true,
  "permit-issued": true,
  "permit-withheld": true,
  "permit-used": true,
  "permit-revoked": true,
  "permit-requested": true,
  "permit-approved": true,
  "usage-start-requested": true,
  "pause-requested": true,
  "pause-granted": true,
  "pause-ended": true,
  "deletion-allowed": true,
  "key-destroyed": true,
  "effect-failed": true,
};

/** Whether this version knows how to read entries of `kind`; a newer one may have written others. */
export function isEntryKind(kind: unknown): kind is EntryKind {
  return typeof kind === "string" && Object.hasOwn(known, kind);
}
