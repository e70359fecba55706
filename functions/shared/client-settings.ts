/**
 * Short enough (ms) that a service that hangs does not eat the guard's 30 s: the queue is the patient one. Without
 * `throwOnRequestTimeout` the SDK only warns, and waits on.
 */
export const clientSettings = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_500, throwOnRequestTimeout: true },
};
