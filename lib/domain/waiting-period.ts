/** eventTime is cut to whole seconds, and the service sets its clock after the call came in: so much (ms) is allowed either way. */
export const waitingSlack = 60_000;
