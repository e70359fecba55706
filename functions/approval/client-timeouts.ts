import { wholeAnswers } from "../shared/whole-answers.ts";

/** Slack waits for 3 s in all (ms): a call that hangs, and its second attempt, must leave room for the others. */
export const callbackTimeouts = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 400, requestTimeout: 900, throwOnRequestTimeout: true },
  extensions: [wholeAnswers],
};

export const slackTimeoutMs = 1_000;
