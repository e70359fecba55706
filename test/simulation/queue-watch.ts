import type { SimClock } from "./clock.ts";
import { minute } from "./plan.ts";
import type { Stack } from "./services.ts";
import type { Trace } from "./trace.ts";

/** From so many deliveries on, SQS leaves a message out of ApproximateAgeOfOldestMessage. */
const stuckAfter = 3;
/** How old (ms) the oldest message of a queue may be before its alarm rings, as resources/alarms.yml has it. */
const behindMs = { guard: 2 * minute, notify: 15 * minute, votes: 2 * minute, remediation: 2 * minute };

/** Counts every minute, as the alarms on the queues do, which of them is behind and which dead-letter queue holds something. */
export function watchQueues({ queues }: Stack, clock: SimClock, trace: Trace): void {
  const look = () => {
    for (const { name, messages } of queues.values()) {
      const by = (["guard", "notify", "votes", "remediation"] as const).find((each) => name.includes(each)) ?? "sweep";
      if (name.includes("dead")) {
        if (messages.length > 0) trace.count(`${by}.DeadLetters`, messages.length, by);
      } else if (by !== "sweep") {
        const waiting = messages.filter(({ receives }) => receives < stuckAfter);
        const oldest = Math.min(...waiting.map(({ sentAt }) => sentAt));
        if (clock.now() - oldest > behindMs[by]) trace.count(`${by}.Behind`, 1, by);
      }
    }
    clock.after(minute, look);
  };
  clock.after(minute, look);
}
