import { hourMs, minuteMs, secondMs } from "../time.ts";
import type { Case } from "./case.ts";

/**
 * How far the sweep has read CloudTrail's DeleteKey calls forward. Times are ms since the epoch. INVARIANT: every call on a watched key
 * between `from` and `seen` that the history showed when it was read is on record in the case of its key.
 */
export interface HistoryMark {
  readonly from: number;
  /** Up to here the history was read late enough to show everything; it is read again from here. */
  readonly settled: number;
  readonly seen: number;
  /** How much of the history (ms) one ms of reading covers, as last measured. */
  readonly speed: number;
}

/** How late (ms) CloudTrail may show a call: 5 minutes on average, and no promise. */
const lateMs = hourMs;
/** How old (ms) the end of what was read may be before it is read on. */
const readEveryMs = 30 * minuteMs;
/** How old (ms) the end of what was read may be to say something of a deletion. */
const coversForMs = 2 * hourMs;
/**
 * How much earlier (ms) than its record a call may be for its deletion to be watched. INVARIANT: less than `lateMs` and the time of a sweep, so
 * that nothing after the call was settled before the key was watched. Nor can a forged time make the sweep read 90 days.
 */
const longestBeforeRecordMs = lateMs - 10 * minuteMs;
/** A stretch (ms) is planned to take this part of the time left for it. */
const plannedShare = 0.8;
/** The speed of a history that has not been read yet: all of it at once. */
const unmeasured = 1e12;
/** Below this a stretch is a second long in any case: CloudTrail counts in seconds. */
const slowest = 1e-3;

/**
 * Returns from when on (ms) later calls are watched for the case `state`: from the call on that it rests on, until it is over or its restore
 * begins. Undefined where nothing is to be watched. INVARIANT: also before the deletion is allowed, as it may still be.
 */
export function watchedFrom({ end, restore, requests, firstRecordAt = 0 }: Case): number | undefined {
  const [first, restsOn] = [requests[0], requests.at(-1)];
  if (end !== undefined || restore !== "none" || first === undefined) return undefined;
  // A later record may have come late as well: the key was watched all the time only if the first one came in time.
  return first.at >= firstRecordAt - longestBeforeRecordMs ? restsOn?.at : undefined;
}

/** Returns whether, by `mark`, every call from `since` (ms) on is on record in its case. `now` in ms since the epoch. */
export function covers(mark: HistoryMark | undefined, since: number, now: number): boolean {
  if (mark === undefined || mark.seen > now) return false;
  return mark.from <= since && mark.seen >= Math.max(since + secondMs, now - coversForMs);
}

/**
 * Returns the mark to read on from, so that calls since `needed` (ms) are covered: nothing before matters, and is skipped. A mark in the future,
 * or one that begins too late, is begun again.
 */
export function markFrom(mark: HistoryMark | undefined, needed: number, now: number): HistoryMark {
  const again = { from: needed, settled: needed, seen: needed, speed: mark?.speed ?? unmeasured };
  if (mark === undefined || mark.seen > now || mark.from > needed) return again;
  return mark.settled < needed ? again : mark;
}

/** Returns how long (ms) reading on from `mark` takes, by its speed. */
export function readingTime({ settled, speed }: HistoryMark, now: number): number {
  return (now - settled) / (speed * plannedShare);
}

/** Returns whether the history is to be read on at `now` (ms). */
export function isReadDue({ seen }: HistoryMark, now: number): boolean {
  return now - seen >= readEveryMs;
}

/** Returns the next stretch to read in `timeLeft` (ms); without `to` it goes up to `now`. */
export function nextStretch({ settled, speed }: HistoryMark, timeLeft: number, now: number) {
  const to = Math.ceil((settled + Math.max(secondMs, speed * timeLeft * plannedShare)) / secondMs) * secondMs;
  return to >= now ? { from: settled } : { from: settled, to };
}

/** The result of reading a stretch, which took `tookMs`. */
export interface ReadStretch {
  readonly from: number;
  readonly to?: number;
  readonly complete: boolean;
  readonly reachedAt?: number;
  readonly tookMs: number;
}

/** Returns the mark after `read`, which began at `now` (ms). A stretch that was not read to its end moves nothing, and the next one is shorter. */
export function markAfter(mark: HistoryMark, read: ReadStretch, now: number): HistoryMark {
  const { from, to = now, complete, reachedAt = to, tookMs } = read;
  const work = Math.max(tookMs, 1);
  if (!complete) {
    const measured = Math.min(mark.speed / 2, (to - reachedAt) / work);
    return { ...mark, speed: Math.max(measured, slowest) };
  }
  const settled = Math.max(mark.settled, Math.min(to, now - lateMs));
  return { ...mark, settled, seen: Math.max(mark.seen, to), speed: Math.max((to - from) / work, slowest) };
}
