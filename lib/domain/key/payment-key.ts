import type { KeyArn } from "./key-arn.ts";

/** A payment key as the control plane describes it. Times are ms since the epoch. */
export interface PaymentKey {
  readonly arn: KeyArn;
  readonly usage: string;
  readonly keyClass: string;
  readonly algorithm: string;
  readonly origin?: string;
  readonly exportable?: boolean;
  readonly kcv?: string;
  readonly enabled: boolean;
  readonly createdAt?: number;
  readonly usageStartedAt?: number;
  readonly usageStoppedAt?: number;
  /** A replica is read-only and follows its primary, in whose region alone it can be restored. Absent for a key of one region. */
  readonly multiRegion?: "PRIMARY" | "REPLICA";
}

/** A key as far as it is known: an absent attribute is unknown, and settles no condition of a policy. */
export type KnownKey = Pick<PaymentKey, "arn"> & Partial<PaymentKey>;

/**
 * What one look at a key showed. The states of the service are an open set, so everything that is not understood is
 * `unrecognised`, and never treated as safe. `undated`: the key is pending deletion, or may be, and its time is unknown,
 * because GetKey is denied, fails, names no time, or answers something else than a key.
 */
export type KeyObservation =
  | { readonly kind: "pending"; readonly key: PaymentKey; readonly deletePendingAt: number }
  | { readonly kind: "live"; readonly key: PaymentKey }
  | { readonly kind: "destroyed"; readonly key: PaymentKey }
  | { readonly kind: "absent" }
  | { readonly kind: "undated"; readonly arn: KeyArn; readonly why: WhyUndated; readonly key?: PaymentKey }
  | { readonly kind: "unrecognised"; readonly arn: KeyArn; readonly state: string };

/** `denied`, and `unavailable` for every other failure of GetKey, leave open whether the key is pending at all. */
export type WhyUndated = "denied" | "unavailable" | "no-time" | "malformed";

/** Returns whether GetKey answered nothing, so that only a record or ListKeys can tell that the key is pending. */
export function isUnseen(why: WhyUndated): boolean {
  return why === "denied" || why === "unavailable";
}

/** Returns the key that a look showed, as far as it showed one. */
export function keyIn(observation: KeyObservation): PaymentKey | undefined {
  return "key" in observation ? observation.key : undefined;
}
