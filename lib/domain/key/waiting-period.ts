/** eventTime is cut to whole seconds, and the service sets its clock after the call came in: so much (ms) is allowed either way. */
export const waitingSlack = 60_000;

const day = 86_400_000;

/** The waiting periods (ms) that the service accepts; see docs/aws-facts.md#the-waiting-period-is-3-to-180-days. */
export const waitingPeriod = { shortest: 3 * day, longest: 180 * day } as const;
