import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { CaseName } from "../../domain/ledger/case-name.ts";

/** Resource policies of keys. Every call throws ACCESS_DENIED, CONTROL_PLANE_REFUSED or CONTROL_PLANE_UNAVAILABLE. */
export interface ResourcePolicies {
  /** GetResourcePolicy: the member `Policy` as it came, unchecked. */
  read(arn: KeyArn): Promise<unknown>;
  /** PutResourcePolicy, which replaces the whole policy. */
  put(arn: KeyArn, text: string): Promise<void>;
  /** DeleteResourcePolicy. */
  remove(arn: KeyArn): Promise<void>;
}

/** Keeps remediation to one effect per subject and hour. Throws STORE_UNAVAILABLE. */
export interface RemediationClaims {
  /**
   * Claims `subject` for `owner` at `now` (ms), by a conditional write. `taken`: another owner claimed it less than an hour before. The same owner
   * may claim again, so that a retry goes on.
   */
  claim(subject: string, owner: string, now: number): Promise<"claimed" | "taken">;
}

/** Rules of EventBridge, by ARN. Throws ACCESS_DENIED or BUS_UNAVAILABLE. */
export interface Rules {
  /** DescribeRule. */
  state(ruleArn: string): Promise<"enabled" | "disabled" | "missing">;
  /** EnableRule. */
  enable(ruleArn: string): Promise<void>;
}

/** `other`: any state in which none of the two calls below helps. */
export type KmsKeyState = "enabled" | "disabled" | "pending-deletion" | "other";

/** The stack's own KMS key. Throws ACCESS_DENIED or KMS_UNAVAILABLE. */
export interface StackKey {
  readonly arn: string;
  /** DescribeKey. */
  state(): Promise<KmsKeyState>;
  /** CancelKeyDeletion, which leaves the key disabled. */
  cancelDeletion(): Promise<void>;
  /** EnableKey. */
  enable(): Promise<void>;
}

/** The record of a denied call, by its case and its number in the chain. */
export interface DenialName {
  readonly name: CaseName;
  readonly seq: number;
}

/** A call of the account that may have disarmed the stack, as CloudTrail records it: nothing in it is trusted but as a reason to look. */
export interface TamperCall {
  readonly eventId: string;
  /** ARN of the role behind the caller's session, if there is one. */
  readonly callerRole?: string;
  readonly did:
    | { readonly kind: "rule-disabled" /** A name or an ARN, as CloudTrail has it. */; readonly ruleName: string }
    | { readonly kind: "kms-key-ended"; readonly keyIds: readonly string[] }
    | { readonly kind: "other" };
}
