import { dayMs, minuteMs } from "../time.ts";
/** eventTime is cut to whole seconds, and the service sets its clock after the call came in: so much (ms) is allowed either way. */
export const waitingSlackMs = minuteMs;

/** The waiting periods (ms) that the service accepts; see docs/aws-facts.md#the-waiting-period-is-3-to-180-days. */
export const waitingPeriod = { shortest: 3 * dayMs, longest: 180 * dayMs } as const;
