import { hourMs, minuteMs } from "../time.ts";
import type { CallBook } from "./calls.ts";
import type { Coverage } from "./coverage.ts";
import type { Differences } from "./differences.ts";
import type { Span } from "./spans.ts";
import type { TrailClaims } from "./trail-claims.ts";

/** What is compared: a trail with CloudTrail's records, for a time. */
export interface Compared {
  readonly time: Span;
  readonly trail: TrailClaims;
  /** First and last closing of the whole table in the log of the export (ms); absent where it has none. */
  readonly logged?: Span;
  /** Calls in log files that digests vouch for; without digests, all calls. */
  readonly calls: CallBook;
  /** Calls in log files that no digest vouches for. */
  readonly unnamed: CallBook;
  readonly coverage: Coverage;
  /** Returns whether a role is one of the stack's own. */
  readonly isOwnRole: (roleArn: string | undefined) => boolean;
  readonly differences: Differences;
}

/** How much (ms) the clocks of CloudTrail and of the guard may differ. */
export const clockSkewMs = minuteMs;

/** Within so long (ms) a call is in the log: its event arrives or the sweep finds it, and the hour is closed. */
export const loggedWithinMs = 75 * minuteMs;

/** How long (ms) the guard goes on with an act that it has begun before it records a result or a failure. */
export const actWindowMs = 75 * minuteMs;

/** How much later (ms) the guard may find out that an act whose answer was lost has taken effect. */
export const foundLaterMs = 24 * hourMs;

export function isWithin({ from, to }: Span, at: number): boolean {
  return at >= from && at < to;
}

/** Returns whether the log of the export begins after, or ends before, the time in which a call of `at` (ms) was to be logged. */
export function beyondTheLog({ logged }: Compared, at: number): "before" | "after" | undefined {
  if (logged === undefined || at > logged.to - loggedWithinMs) return "after";
  return at < logged.from - loggedWithinMs ? "before" : undefined;
}

/** Returns whether two times (ms) are the same second: CloudTrail writes no fractions. */
export function isSameSecond(a: number, b: number): boolean {
  return Math.floor(a / 1_000) === Math.floor(b / 1_000);
}

/** Reports an entry whose call CloudTrail does not have. */
export function reportMissing(
  { coverage, differences }: Compared,
  place: { readonly at: number; readonly keyArn?: string; readonly chain: string },
  says: string,
): void {
  // The call came before its entry.
  const isCovered = coverage.covers(place.at - clockSkewMs);
  differences.add(
    isCovered
      ? { class: "H", ...place, says: `${says}, and CloudTrail has nothing of it` }
      : { class: "J", ...place, says: `${says}, at a time that no digest vouches for` },
  );
}
