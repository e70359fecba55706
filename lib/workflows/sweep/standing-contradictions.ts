import type { TrailDiffers } from "../../domain/log/compare-chain.ts";
import { dayMs } from "../../domain/time.ts";
import type { Log } from "../ports/guard.ts";

/**
 * Raises the alarm again for chains that contradict the log and are on record there: with the first closing of each day (UTC). The log records each state
 * once, so one that stands, or is undone and comes back, would be silent. `lastAllAt`: when the whole table was logged last (ms).
 */
export function ringForStanding(
  log: Log,
  { differs, now }: { readonly differs: readonly TrailDiffers[]; readonly now: number },
  lastAllAt: number | undefined,
): void {
  const [first] = differs;
  if (first === undefined || lastAllAt === undefined || dayOf(now) === dayOf(lastAllAt)) return;
  log("TRAIL_DIFFERS", { ...first, standing: differs.length });
}

function dayOf(time: number): number {
  return Math.floor(time / dayMs);
}
