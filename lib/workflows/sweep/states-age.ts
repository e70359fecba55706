import { hourMs } from "../../domain/time.ts";
import type { StateProgress } from "../ports/sweep.ts";

/** A part is due again after so long (ms): an hour early, as the inventory. */
const readEveryMs = 23 * hourMs;
/** A part whose reading began so long ago (ms) is overdue: the sweeps have no time, or too many keys. */
export const overdueMs = 36 * hourMs;

/** Returns how long ago (ms) the reading of that part began which was read longest ago; undefined while none was read. */
export function statesAge({ readAt }: StateProgress, now: number): number | undefined {
  return readAt.size === 0 ? undefined : Math.max(0, now - Math.min(...readAt.values()));
}

/** Returns the parts to be read now: the one that was begun, then the longest overdue. A time in the future is that of a clock that was set back. */
export function partsDue({ readAt, reading }: StateProgress, parts: number, now: number): readonly number[] {
  const lastRead = (part: number) => (part === reading?.part ? Number.NEGATIVE_INFINITY : (readAt.get(part) ?? -1));
  const isDue = (part: number) => now - lastRead(part) >= readEveryMs || lastRead(part) > now + readEveryMs;
  return Array.from({ length: parts }, (_, part) => part)
    .filter(isDue)
    .sort((a, b) => (lastRead(a) < lastRead(b) ? -1 : lastRead(a) > lastRead(b) ? 1 : a - b));
}
