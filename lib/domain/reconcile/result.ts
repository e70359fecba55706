import type { Verdict } from "../log/finding.ts";
import type { DifferenceClass, DifferenceWeight } from "./classes.ts";

/** The name and version of the format in which a reconciliation is written. */
export const reconciliationFormat = "reprieve-reconciliation/1";

/** `complete`: nothing differs, and that is proven. `not-proven`: nothing was found that differs, but something needed for a proof is missing. */
export type ReconciliationVerdict = "complete" | "exceptions" | "not-proven";

/** A time (ms since the epoch) for which CloudTrail's digests vouch for nothing. */
export interface CoverageGap {
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

/** Whose digests vouch. Only a person can say whether that is the trail that logs everything, and whether AWS gave these keys. */
export interface Voucher {
  /** The folder of its bucket, its name, and its home Region. */
  readonly trail: string;
  readonly buckets: readonly string[];
  /** SHA-256 of each public key (PKCS #1, DER) by which a digest was believed (hex). */
  readonly publicKeys: readonly string[];
}

/** What differs between CloudTrail and the audit trail in one place. */
export interface Difference {
  readonly class: DifferenceClass;
  /** ms since the epoch. */
  readonly at: number;
  readonly keyArn?: string;
  readonly chain?: string;
  readonly eventId?: string;
  readonly says: string;
}

/** Material of CloudTrail that was not read or not believed. */
export interface Unread {
  readonly reason: string;
  readonly count: number;
  /** Whether nothing of the time that is compared can be in it. */
  readonly isHarmless: boolean;
}

/** How many events of one kind there are, and the result for each: `events` is `matched` and all of `unmatched`. */
export interface Population {
  /** Successful calls, each counted once. */
  readonly events: number;
  /** Those with exactly one chain that agrees with them. */
  readonly matched: number;
  /** The others, by the class of their difference. */
  readonly unmatched: readonly { readonly class: DifferenceClass; readonly count: number }[];
  /** Further deliveries of calls that are counted already. */
  readonly duplicates: number;
  /** Calls that a later record of CloudTrail corrects. */
  readonly corrected: number;
  /** Calls that failed. Those of DeleteKey are compared apart: see `FailedCalls`. */
  readonly failed: number;
}

/** DeleteKey calls that failed, and what the trail holds of them. */
export interface FailedCalls {
  readonly calls: number;
  /** Those with exactly one entry that agrees with them. */
  readonly recorded: number;
  /** Those that the trail counts, without an entry for each. */
  readonly counted: number;
}

/** An audit trail compared with CloudTrail, as `audit reconcile --json` prints it. */
export interface Reconciliation {
  readonly format: typeof reconciliationFormat;
  readonly account: string;
  readonly region: string;
  readonly stack: string;
  /** The time that was compared, by the time of the calls (ms since the epoch): [from, to). */
  readonly from: number;
  readonly to: number;
  /** SHA-256 of the manifest of the export that was compared, and the verdict of its own verification. */
  readonly manifestSha256: string;
  readonly export: Verdict;
  readonly verdict: ReconciliationVerdict;
  /** DeleteKey calls. */
  readonly population: Population;
  /** Calls of the other guarded operations; absent where the trail has no chain of them. */
  readonly changes?: Population;
  readonly failedCalls: FailedCalls;
  /** What CloudTrail's hourly digests vouch for: the first and last time, and what is missing in the time that has to be covered. */
  readonly coverage: { readonly from?: number; readonly to?: number; readonly gaps: readonly CoverageGap[] };
  /** Absent where no digest is valid. */
  readonly vouchedBy?: Voucher;
  /** Every class with its name and count, which may be 0. */
  readonly classes: readonly {
    readonly class: DifferenceClass;
    readonly name: string;
    readonly weight: DifferenceWeight;
    readonly count: number;
  }[];
  /** The first of them, by time; `differencesInAll` counts all. */
  readonly differences: readonly Difference[];
  readonly differencesInAll: number;
  /** Material of CloudTrail that was not read or not believed, counted by reason. */
  readonly unread: readonly Unread[];
}
