import { wholeAnswers } from "./whole-answers.ts";

/**
 * Short enough (ms) that a service that hangs does not use up the guard's 30 s: the queue retries. Without
 * `throwOnRequestTimeout` the SDK only warns, and waits on.
 */
export const clientTimeouts = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_500, throwOnRequestTimeout: true },
  extensions: [wholeAnswers],
};
