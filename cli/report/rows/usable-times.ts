import type { CaseRow } from "./case-row.ts";

/** How long (s) a restored key may take to be usable again, unless the report names another target: as long as the measured storm of 2,000 keys deleted at once (docs/performance.md). */
export const defaultTargetSeconds = 1_351;

/** Times from the call to a usable key (ms), against a target. */
export interface UsableTimes {
  readonly keys: number;
  readonly within: number;
  readonly later: number;
  readonly medianMs?: number;
  readonly p95Ms?: number;
  readonly longestMs?: number;
}

/** Returns the times of rows against the target (ms). */
export function usableTimes(rows: readonly Pick<CaseRow, "timeToUsableMs">[], targetMs: number): UsableTimes {
  const times = rows.flatMap(({ timeToUsableMs }) => timeToUsableMs ?? []).sort((a, b) => a - b);
  const within = times.filter((time) => time <= targetMs).length;
  const at = (part: number) => times[Math.max(0, Math.ceil(part * times.length) - 1)];
  const [medianMs, p95Ms, longestMs] = [at(0.5), at(0.95), times.at(-1)];
  return {
    ...{ keys: times.length, within, later: times.length - within },
    ...(medianMs !== undefined && p95Ms !== undefined && longestMs !== undefined && { medianMs, p95Ms, longestMs }),
  };
}
