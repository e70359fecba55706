import type { KeyArn } from "./key-arn.ts";
import type { Requester } from "./requester.ts";

/** A successful DeleteKey call, as its CloudTrail record told it. A hint: GetKey is the authority on the key. */
export interface DeletionRequest {
  /** `eventID` of the record, or of the record that this one corrects (`addendum.originalEventID`). */
  readonly eventId: string;
  readonly requestId?: string;
  /** When the call was made: `eventTime`, ms since the epoch, in whole seconds. */
  readonly at: number;
  readonly target: DeletionTarget;
  readonly requester: Requester;
  /** `sourceIPAddress`: an address, or the name of an AWS service. */
  readonly sourceIp?: string;
  readonly userAgent?: string;
  /** Waiting period in days as the request named it; absent where the record does not say. */
  readonly requestedDays?: number;
  /** True when the record holds request parameters, so that an absent `requestedDays` means the default of 7. */
  readonly parametersKnown: boolean;
  /** `responseElements.key.enabled`: evidence that the key was enabled; see docs/aws-facts.md#restorekey-may-leave-the-key-disabled. */
  readonly enabledInResponse?: boolean;
  readonly replayName?: string;
  readonly corrected: boolean;
}

/**
 * The key a record speaks of. `arn` came from the record itself; `alias` is all the record held, and an alias may have
 * been pointed elsewhere since, so such a record is never proof of who deleted the key it resolves to now.
 */
export type DeletionTarget =
  | { readonly kind: "arn"; readonly arn: KeyArn }
  | { readonly kind: "alias"; readonly alias: string };

/** A DeleteKey call that failed: recorded as an attempt, nothing else. */
export interface DeletionAttempt {
  readonly eventId: string;
  readonly at: number;
  readonly errorCode: string;
  readonly identifier?: string;
  readonly requester: Requester;
  readonly sourceIp?: string;
  readonly userAgent?: string;
}
