import type { KeyArn } from "../key/key-arn.ts";
import type { Requester } from "../people/requester.ts";

/** How a call came about, as its CloudTrail record told it. For people to see; nothing is decided by it. */
export interface CallPath {
  /** The AWS service that made the call for the requester, such as `cloudformation.amazonaws.com`. */
  readonly invokedBy?: string;
  /** The call was made with root credentials of a member account that its organization obtained (`sts:AssumeRoot`). */
  readonly assumedRoot?: true;
  /** Account id of the provider to whom the requester's account has delegated access. */
  readonly invokedByDelegate?: string;
}

/** A successful DeleteKey call, as its CloudTrail record told it. A hint: GetKey is the authority on the key. */
export interface DeletionRequest extends CallPath {
  /** `eventID` of the record, or of the record that this one corrects (`addendum.originalEventID`). */
  readonly eventId: string;
  readonly requestId?: string;
  /** When the call was made: `eventTime`, ms since the epoch, in whole seconds. */
  readonly at: number;
  readonly target: DeletionTarget;
  /** The alias by which the call named the key, where the target is the ARN that AWS answered with. For people to see: its caller chose it. */
  readonly namedAs?: string;
  readonly requester: Requester;
  /** `sourceIPAddress`: an address, or the name of an AWS service. */
  readonly sourceIp?: string;
  readonly userAgent?: string;
  /**
   * Waiting period in days as the request named it. Absent where the record does not say, which is no proof of the default of 7: CloudTrail
   * leaves out what the caller did not send, and also what it redacts or cannot read.
   */
  readonly requestedDays?: number;
  /** `responseElements.key.enabled`: evidence that the key was enabled; see docs/aws-facts.md#restorekey-may-leave-the-key-disabled. */
  readonly enabledInResponse?: boolean;
  readonly replayName?: string;
  readonly corrected: boolean;
}

/** The key a record names: by its ARN where CloudTrail is known to deliver it, else by a hint. */
export type DeletionTarget = { readonly kind: "arn"; readonly arn: KeyArn } | KeyHint;

/**
 * A reason to look at a key, and never proof of who deleted it. `alias` is all the record held, and may have been pointed elsewhere since;
 * `hint` was found in a form that CloudTrail is not known to deliver.
 */
export type KeyHint =
  | { readonly kind: "alias"; readonly alias: string }
  | { readonly kind: "hint"; readonly arn: KeyArn };

/** A DeleteKey call that failed: recorded as an attempt, nothing else. */
export interface DeletionAttempt extends CallPath {
  readonly eventId: string;
  readonly at: number;
  readonly errorCode: string;
  readonly identifier?: string;
  readonly requester: Requester;
  readonly sourceIp?: string;
  readonly userAgent?: string;
}
