import type { DeletionRequest } from "../deletion/request.ts";
import type { KeyArn } from "../key/key-arn.ts";
import type { PaymentKey } from "../key/payment-key.ts";
import type { Decided, GuardedEffect, WhyLeftDisabled, WhyLockOutLeft } from "../ledger/entry.ts";
import type { PermitId } from "../ledger/permit-name.ts";
import type { RecordedAliases } from "../ledger/recorded-labels.ts";
import type { Keep } from "./keep.ts";
import type { Question } from "./question.ts";

/** One scheduled deletion of one key, as its entries tell it. Made only by `foldCase`. Times are ms since the epoch. */
export interface Case {
  readonly keyArn: KeyArn;
  readonly generation: number;
  readonly openedAt: number;
  /** Absent when the key was not seen pending. */
  readonly deletePendingAt?: number;
  /** The key as it was when the deletion was detected. */
  readonly key?: PaymentKey;
  /** What the inventory called the key before it was deleted. */
  readonly aliases?: RecordedAliases;
  /** Every record of a deletion attributed to this case, in the order they came. */
  readonly requests: readonly DeletionRequest[];
  /** When the first of them came. */
  readonly firstRecordAt?: number;
  /** Records that could not be attributed to the pending deletion: forged, replayed, of an earlier call, or with an alias only. */
  readonly unattributed: readonly DeletionRequest[];
  /** Every eventID recorded here, also of records that could not be attributed. */
  readonly eventIds: ReadonlySet<string>;
  readonly decision?: Decided;
  readonly undecided: boolean;
  readonly restore: "none" | "intended" | "restored";
  /** When (ms) it was recorded that the key is restored. */
  readonly restoredAt?: number;
  readonly lateRestore: "none" | "intended";
  /** The latest intent to restore the key covers the deletion: no further record of a call was attributed to the case since. */
  readonly intentStands: boolean;
  readonly usageStartIntended: boolean;
  readonly allowed: boolean;
  /** When the deletion was allowed, as its latest record tells it: CloudTrail gets its time from then on. */
  readonly allowedAt?: number;
  /** What CloudTrail's own history says of the call that was decided on. */
  readonly confirmation: "open" | "confirmed" | "unconfirmed";
  /** When CloudTrail last confirmed that call. */
  readonly confirmedAt?: number;
  /** When it was last found that no record of the deletion is to be had: who called for it stays unknown. */
  readonly eventMissedAt?: number;
  /** What people were asked. */
  readonly question?: Question;
  /**
   * People were asked under `enforce`, and so were promised that their silence keeps the key; or a person kept it. No later record of the case
   * ends that.
   */
  readonly promised: boolean;
  /** Someone keeps the key: whatever else was said, it lives. */
  readonly kept: boolean;
  /** The latest Keep of this case. */
  readonly keep?: Keep;
  /** `permit-issued` or `permit-withheld`: an approval of a key that lives has had its consequence. */
  readonly permitSettled: boolean;
  /** The permit that let this deletion pass. */
  readonly permitUsed?: PermitId;
  readonly votes: VoteLedger;
  /** The key has come to rest after the restore. */
  readonly settled?: "key-usable" | "key-left-disabled";
  readonly whyLeftDisabled?: WhyLeftDisabled;
  /** A person wants key usage started, evidence or not. */
  readonly usageStartRequested: boolean;
  readonly unknownState?: string;
  /** GetKey was denied when the key had to be restored. */
  readonly lookDenied: boolean;
  /** How far the removal of a Deny from the key's resource policy came, if one was begun. */
  readonly denyRemoval?:
    | { readonly state: "intended" | "came-back" }
    | { readonly state: "removed"; readonly at: number };
  /** Why the latest lock-out was left to people. */
  readonly lockOutLeft?: WhyLockOutLeft;
  /** Failures so far, as last recorded. */
  readonly failed: Readonly<Record<GuardedEffect, number>>;
  /** The deletion is over, for whatever reason. */
  readonly over?: "restored-by-others" | "deletion-superseded" | "key-destroyed";
  /** Nothing is left to do: the deletion is over, or the key is at rest and nobody is being asked. */
  readonly end?: CaseEnd;
}

/** Votes so far, as far as one must know not to count or record them twice. */
export interface VoteLedger {
  readonly counted: ReadonlySet<string>;
  readonly refusedIds: ReadonlySet<string>;
  /** Votes recorded that did not count, by voter. */
  readonly refused: ReadonlyMap<string, number>;
}

export type CaseEnd =
  | "key-usable"
  | "key-left-disabled"
  | "restored-by-others"
  | "deletion-superseded"
  | "key-destroyed";
