import type { KeyArn } from "../key/key-arn.ts";
import { hourMs } from "../time.ts";

/** One successful DeleteKey call, as far as one counts them. */
export interface CountedDeletion {
  readonly eventId: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly keyArn: KeyArn;
}

/** Someone schedules one deletion after the other, of one key or of many. Times are ms since the epoch. */
export interface RepeatedDeletions {
  readonly principal: string;
  readonly deletions: number;
  readonly keys: readonly KeyArn[];
  readonly from: number;
  readonly to: number;
}

const many = 3;

/** The hour `at` lies in, by number: deletions are counted by principal and hour, and an alarm is raised once for each. */
export function hourOf(at: number): number {
  return Math.floor(at / hourMs);
}

/**
 * The alarm that the deletion of `at` makes among `all` of its principal, or undefined: because they are too few within any hour
 * around it, or because an alarm in `alarms` reported them. The same call, recorded twice, counts once.
 */
export function repeatedDeletions(
  principal: string,
  all: readonly CountedDeletion[],
  alarms: readonly number[],
  at: number,
): RepeatedDeletions | undefined {
  if (alarms.some((alarm) => Math.abs(alarm - at) < hourMs)) return undefined;
  const calls = [...new Map(all.map((one) => [one.eventId, one])).values()].sort((a, b) => a.at - b.at);
  const windows = calls
    .filter((first) => first.at <= at && at - first.at < hourMs)
    .map((first) => calls.filter((one) => one.at >= first.at && one.at - first.at < hourMs));
  const [fullest] = windows.sort((a, b) => b.length - a.length);
  const [first, last] = [fullest?.[0], fullest?.at(-1)];
  if (fullest === undefined || first === undefined || last === undefined || fullest.length < many) return undefined;
  const keys = [...new Set(fullest.map(({ keyArn }) => keyArn))];
  return { principal, deletions: fullest.length, keys, from: first.at, to: last.at };
}
