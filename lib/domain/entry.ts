import type { Effect } from "./decision.ts";
import type { DeletionRequest } from "./deletion-request.ts";
import type { KeyArn } from "./key-arn.ts";
import type { PaymentKey } from "./payment-key.ts";

/** What one entry of a case says. Entries are evidence: they are added, never changed. Times are ms since the epoch. */
export type EntryBody =
  | DeletionDetected
  | { readonly kind: "requester-learned"; readonly request: DeletionRequest }
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
  | { readonly kind: "deletion-superseded"; readonly newDeletePendingAt: number }
  | { readonly kind: "usage-start-intended"; readonly evidence: UsageEvidence }
  | { readonly kind: "key-usable"; readonly timeToUsableMs?: number; readonly despiteRule: boolean }
  | { readonly kind: "key-left-disabled"; readonly why: WhyLeftDisabled }
  | { readonly kind: "approval-not-requested"; readonly from: string; readonly quorum: number }
  | { readonly kind: "deletion-allowed"; readonly by: "rule" }
  | { readonly kind: "key-destroyed"; readonly how: "delete-complete" | "not-found" | "service-event" }
  | { readonly kind: "effect-failed"; readonly effect: GuardedEffect; readonly code: string; readonly attempt: number };

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

/** `unattributed-event`: the record is kept, but is not the call that led to the pending deletion (`isRequestOf`). */
export type DetectionSource = "event" | "unattributed-event" | "service-event";

export interface Decided {
  readonly kind: "decided";
  readonly effect: Effect;
  readonly rule: string;
  readonly passedOver: readonly { readonly rule: string; readonly failed: string }[];
  readonly mode: "observe" | "enforce";
  readonly policyHash: string;
  readonly withRequester: boolean;
  /** Tags and aliases as read (of the latter the first hundred), only where a rule asked for them. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly aliases?: readonly string[];
  /** What could not be read, and so was decided without. */
  readonly unreadable?: readonly ("tags" | "aliases")[];
}

/** `answered`: RestoreKey said so; `found`: seen after an intent of ours; `unrecorded`: after an attempt the store could not record. */
export type HowRestored = "answered" | "found" | "unrecorded";

export type UsageEvidence = "enabled-in-deletion-response" | "stopped-by-deletion";

export type WhyLeftDisabled =
  | "rule"
  | "stopped-before-deletion"
  | "usage-changed-since"
  | "no-evidence-that-it-was-enabled"
  | "start-failed";

export type GuardedEffect = "restore" | "start-usage";

/** One link of the chain: `prev` is the SHA-256 of the canonical JSON of the entry before it. */
export type Entry = EntryBody & { readonly seq: number; readonly at: number; readonly prev: string };

export type EntryKind = EntryBody["kind"];

const known: Record<EntryKind, true> = {
  "deletion-detected": true,
  "requester-learned": true,
  "key-state-unknown": true,
  decided: true,
  "restore-intended": true,
  "key-restored": true,
  "restored-by-others": true,
  "deletion-superseded": true,
  "usage-start-intended": true,
  "key-usable": true,
  "key-left-disabled": true,
  "approval-not-requested": true,
  "deletion-allowed": true,
  "key-destroyed": true,
  "effect-failed": true,
};

/** Whether this version knows how to read entries of `kind`; a newer one may have written others. */
export function isEntryKind(kind: unknown): kind is EntryKind {
  return typeof kind === "string" && Object.hasOwn(known, kind);
}
