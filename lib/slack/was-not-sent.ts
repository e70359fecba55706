/** Errors without a connection over which a request could be sent: no address, no answer to the connection, a certificate that is refused. */
const unconnected =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|CERT_.+|ERR_TLS_CERT_.+|UNABLE_TO_.+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN)$/;

/** Returns whether `error`, as `fetch` throws it, shows that the request was not sent. */
export function wasNotSent(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause ?? error) : undefined;
  // Each address of a host is tried.
  const causes: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
  return causes.length > 0 && causes.every(isUnconnected);
}

/** An unreachable host or network, and a timeout, can also end a connection over which the request went: only the system call tells. */
function isUnconnected(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const isConnecting = "syscall" in cause && cause.syscall === "connect";
  return isConnecting || ("code" in cause && unconnected.test(String(cause.code)));
}
