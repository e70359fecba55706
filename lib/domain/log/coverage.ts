import { mostBetweenClosingsMs } from "./check-times.ts";
import type { LogFinding } from "./finding.ts";

/** The time that a log has to cover (ms since the epoch): from its first object, where `from` is absent. */
export interface AskedTime {
  readonly from?: number;
  readonly to: number;
}

/** How far a log reaches. */
export interface Reach {
  /** Number of its first object. */
  readonly first: number | undefined;
  /** Time of the first closing of the whole table (ms), and of the last one that is anchored. */
  readonly firstAllAt: number | undefined;
  readonly anchoredAt: number | undefined;
}

/** Returns what is missing at both ends of the time that was asked for. */
export function coverageFindings({ from, to }: AskedTime, { first, firstAllAt, anchoredAt }: Reach): LogFinding[] {
  const late = from === undefined ? first !== 1 : firstAllAt === undefined || firstAllAt > from;
  const early = anchoredAt === undefined || anchoredAt < to;
  return [
    ...(late ? [{ finding: "not-covered-at-the-beginning", detail: textOf(firstAllAt) } as const] : []),
    ...(early ? [{ finding: "not-covered-at-the-end", detail: textOf(anchoredAt) } as const] : []),
  ];
}

/** Returns the end of what can be covered at `now` (ms): the last hour may not be over. */
export function latestCovered(now: number): number {
  return now - mostBetweenClosingsMs;
}

function textOf(at: number | undefined): string {
  return at === undefined ? "nothing" : new Date(at).toISOString();
}
