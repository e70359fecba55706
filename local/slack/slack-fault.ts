/** `rate-limited` answers 429, `error` 500, `refuse` resets the connection, `hang` never answers. */
export const slackFaults = ["up", "rate-limited", "error", "refuse", "hang"] as const;
export type SlackFault = (typeof slackFaults)[number];
