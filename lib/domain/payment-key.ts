import type { KeyArn } from "./key-arn.ts";

/** A payment key as the control plane describes it. Times are ms since the epoch. */
export interface PaymentKey {
  readonly arn: KeyArn;
  readonly usage: string;
  readonly keyClass: string;
  readonly algorithm: string;
  readonly origin: string;
  readonly exportable: boolean;
  readonly kcv: string;
  readonly enabled: boolean;
  readonly usageStartedAt?: number;
  readonly usageStoppedAt?: number;
  /** A replica is read-only and follows its primary, in whose region alone it can be restored. Absent for a key of one region. */
  readonly multiRegion?: "PRIMARY" | "REPLICA";
}

/**
 * What one look at a key showed. The states of the service are an open set, so everything that is not understood is
 * `unrecognised`, and never treated as safe.
 */
export type KeyObservation =
  | { readonly kind: "pending"; readonly key: PaymentKey; readonly deletePendingAt: number }
  | { readonly kind: "live"; readonly key: PaymentKey }
  | { readonly kind: "destroyed"; readonly key: PaymentKey }
  | { readonly kind: "absent" }
  | { readonly kind: "unrecognised"; readonly arn: KeyArn; readonly state: string };
