import type { Entry } from "../../../lib/domain/ledger/entry.ts";

/** The time of a report (ms since the epoch): [from, to). Infinite where it has no bound. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** Returns whether `at` (ms) lies in the period. */
export function isWithin(at: number, { from, to }: Period): boolean {
  return at >= from && at < to;
}

/** Returns the entries of a chain as they stood at `time` (ms): all before the first one that is not older. */
export function entriesBefore(entries: readonly Entry[], time: number): readonly Entry[] {
  const end = entries.findIndex(({ at }) => at >= time);
  return end < 0 ? entries : entries.slice(0, end);
}
