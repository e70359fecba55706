const unreachable = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|TimeoutError)\b/;

/** Returns what to do about an error whose `text` says that no answer came; undefined for any other error. */
export function networkAdvice(text: string): string | undefined {
  return unreachable.test(text) ? "check the network, the proxy settings and the Region" : undefined;
}
