/** How long (ms) a command waits for a connection to AWS, and for an answer to begin. Without `throwOnRequestTimeout` the SDK only warns, and waits on. */
export const callTimeouts = {
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
};
