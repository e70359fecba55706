import type { GuardError } from "../../lib/domain/guard-error.ts";

/** Delays before a failed message comes back: a person may wait for its effect, so the first ones are short. */
const retryDelaysSeconds = [5, 15, 45, 135, 405];
const longestDelaySeconds = 900;
/** Deliveries up to which a message may come back sooner: many short waits must not use up all of them. */
const maxShortDelays = 20;

/** Returns after how many seconds a message that failed comes back. */
export function retryDelaySeconds({ code, retryAfterSeconds }: GuardError, deliveries: number): number {
  if (deliveries > maxShortDelays) return longestDelaySeconds;
  return code === "OUT_OF_TIME" ? 0 : (retryAfterSeconds ?? retryDelaysSeconds[deliveries - 1] ?? longestDelaySeconds);
}
