import { foldPause } from "../../domain/approval/pause.ts";
import { minuteMs } from "../../domain/time.ts";
import type { Guard } from "../guard/run.ts";
import type { NotifyPauseChanged } from "../ports/guard.ts";

/** For how long after a change each sweep notifies of it again. */
const renotifyWindowMs = 30 * minuteMs;

/**
 * Notifies again of a pause that changed lately or has expired: the event of the change may be lost, and an expiry has none. People are
 * notified of each change once.
 */
export async function remindOfPause(
  { policy, pauses, clock }: Pick<Guard, "policy" | "pauses" | "clock">,
  notifyPauseChanged: NotifyPauseChanged,
): Promise<void> {
  if (policy.pause === undefined) return;
  const chain = await pauses.latest();
  const pause = chain && foldPause(chain);
  if (chain === undefined || pause === undefined) return;
  const now = clock();
  const { number, granted, endedBy } = pause;
  const ended = granted !== undefined && endedBy === undefined && granted.until <= now ? granted.until : 0;
  const changedAt = Math.max(chain.entries.at(-1)?.at ?? 0, ended);
  if (now - changedAt <= renotifyWindowMs) await notifyPauseChanged(number);
}
