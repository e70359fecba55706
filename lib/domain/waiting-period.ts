/** eventTime is cut to whole seconds, and the service sets its clock after the call came in: so much (ms) is allowed either way. */
export const waitingSlack = 60_000;

const day = 86_400_000;

/** The waiting periods (ms) that the service knows: 3 to 180 days (user guide, "Deleting keys"). */
export const waitingPeriod = { shortest: 3 * day, longest: 180 * day } as const;
