import type { Reconciliation } from "../../lib/domain/reconcile/result.ts";
import type { TrailClaims } from "../../lib/domain/reconcile/trail-claims.ts";
import { InputError } from "../shell/input-error.ts";
import { isWithin, type Period } from "./rows/period.ts";

/** Throws an InputError where a reconciliation counts other deletions than the log of the export names in the period. */
export function checkClaimed(
  { population: { matched, corrected }, verdict }: Reconciliation,
  { deletions }: Pick<TrailClaims, "deletions">,
  period: Period,
): void {
  const named = [...deletions.values()].filter((claims) => claims.some(({ at }) => isWithin(at, period))).length;
  // CloudTrail may have corrected the time of a call over the edge of the period.
  const isFitting = matched <= named + corrected && (verdict !== "complete" || matched >= named - corrected);
  if (isFitting) return;
  throw new InputError(
    `the reconciliation does not fit the export: it matched ${matched} deletions, and the log names ${named}; reconcile this export again`,
  );
}
