import { basename } from "node:path";
import type { ReconciledPlace } from "../../lib/domain/reconcile/call.ts";
import { lateDeliveryMs } from "../../lib/domain/reconcile/coverage.ts";
import type { Span } from "../../lib/domain/reconcile/spans.ts";

const namePattern =
  /^(\d{12})_CloudTrail_([a-z]{2}[a-z0-9-]*-\d{1,2})_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z_[A-Za-z0-9]+\.json(\.gz)?$/;

/**
 * Returns why a log file that no digest names has nothing to do with the time and place that are compared, by the name that CloudTrail gave it:
 * account, Region, and when it was written. Undefined for any other name.
 */
export function beyondByName(path: string, place: ReconciledPlace, { from, to }: Span): string | undefined {
  const name = basename(path);
  if (/^\d{12}_CloudTrail-Digest_/.test(name)) return "a digest among the log files";
  const [, account, region, year, month, day, hour, minute] = namePattern.exec(name) ?? [];
  if (account === undefined) return undefined;
  if (account !== place.account || region !== place.region) return "a log file of another account or Region";
  const writtenAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
  // A file holds calls of before it was written, and of at most an hour before by rule.
  const isOutside = writtenAt + 60_000 <= from || writtenAt >= to + lateDeliveryMs;
  return isOutside ? "a log file of another time" : undefined;
}
