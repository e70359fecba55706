import { foldPause } from "../../domain/approval/pause.ts";
import type { Guard } from "../guard/run.ts";
import type { TellOfPause } from "../ports/guard.ts";

/** How long (ms) after a change it is told again: several sweeps. */
const again = 30 * 60_000;

/**
 * Tells once more of a pause that has changed lately, or has ended by itself: the word of whoever changed it may be lost, and nobody but the
 * clock ends it. People hear of each change once.
 */
export async function remindOfPause(
  { policy, pauses, clock }: Pick<Guard, "policy" | "pauses" | "clock">,
  tell: TellOfPause,
): Promise<void> {
  if (policy.pause === undefined) return;
  const chain = await pauses.latest();
  const pause = chain && foldPause(chain);
  if (chain === undefined || pause === undefined) return;
  const now = clock();
  const { number, granted, endedBy } = pause;
  const ended = granted !== undefined && endedBy === undefined && granted.until <= now ? granted.until : 0;
  const changedAt = Math.max(chain.entries.at(-1)?.at ?? 0, ended);
  if (now - changedAt <= again) await tell(number);
}
