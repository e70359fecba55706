import type { KnownKey } from "../key/payment-key.ts";
import type { ChangeFacts } from "../operations/operation.ts";
import type { Requester } from "../people/requester.ts";
import type { VoteWay } from "../people/vote.ts";
import type { LabelAge, LabelDoubt } from "./label-age.ts";

/** What happens to a key that was scheduled for deletion. */
export type Effect =
  | { readonly outcome: "restore"; readonly usage: UsageAfterRestore }
  | { readonly outcome: "allow" }
  | { readonly outcome: "ask"; readonly usage: UsageAfterRestore; readonly approval: Approval };

/** `resume`: start key usage again, on evidence that the key was enabled; `leave-disabled`: PCI DSS 3.7.5, a compromised key. */
export type UsageAfterRestore = "resume" | "leave-disabled";

export interface Approval {
  /** A group of the policy's `people`. */
  readonly from: string;
  /** Distinct persons needed to approve the deletion. */
  readonly quorum: number;
  /** The only ways in which an approval counts; absent where every way does. */
  readonly proof?: readonly VoteWay[];
  readonly withinMs: number;
  /** Whether the key works while people decide. */
  readonly meanwhile: "restored" | "pending";
  /** How long a permit lasts once the deletion of a restored key is approved. */
  readonly permitForMs: number;
}

/** A decision of the policy, with the reasons an auditor needs to follow it. */
export interface Decision {
  readonly effect: Effect;
  /** Id of the rule that matched, or `default`. */
  readonly rule: string;
  /** For every rule before it: the first condition that failed, in words of the policy (`requester.role`). */
  readonly passedOver: readonly { readonly rule: string; readonly failed: string }[];
  /** The first weaker rule that did not decide only because labels of the key are too new. */
  readonly heldBack?: HeldBack;
}

/** A rule that rests on a label which the inventory has not seen for long enough. */
export interface HeldBack {
  readonly rule: string;
  /** In words of the policy, such as `key.tags.Environment`. */
  readonly condition: string;
  readonly why: LabelDoubt;
}

/** `labelAge` comes before the labels: where it shows that a label is too new to matter, the label is not read. */
export type LazyFact = "labelAge" | "tags" | "aliases" | "requester";

/**
 * What rules may read. Absent lazy facts have not been fetched; an unknown requester was looked for and not found.
 * Times are ms since the epoch.
 */
export interface Facts {
  readonly key: KnownKey;
  /**
   * From GetKey; absent when the key is not pending any more. The waiting period is `deletePendingAt` minus `requester.at`,
   * never what the request claims.
   */
  readonly deletePendingAt?: number;
  readonly tags?: Readonly<Record<string, string>> | "unreadable";
  readonly aliases?: readonly string[] | "unreadable";
  readonly labelAge?: LabelAge;
  readonly requester?: RequestFacts;
  /** Of an operation other than deletion: what it changes. */
  readonly change?: ChangeFacts;
}

/** Facts that only the deletion's CloudTrail record holds; where no record was found, `who` is unknown and the rest absent. */
export interface RequestFacts {
  readonly identity: Requester;
  /** The deletion's eventTime: time windows and the waiting period are judged by it. */
  readonly at?: number;
  readonly sourceIp?: string;
}

/** Either a settled decision, or the names of the facts that could still change it. */
export type PolicyVerdict =
  | { readonly kind: "decided"; readonly decision: Decision }
  | {
      readonly kind: "needs";
      readonly facts: readonly [LazyFact, ...LazyFact[]];
      /** The effect that holds whatever those facts turn out to be, if they cannot change it. */
      readonly regardless?: Decision;
    };
