import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** The header in which a page states the secret of this start. */
export const secretHeader = "x-reprieve-secret";

/** Returns 256 random bits as text for a URL. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** Returns whether a request states the secret, in a time that does not depend on how much of it is right. */
export function statesSecret({ headers }: IncomingMessage, secret: string): boolean {
  const stated = headers[secretHeader];
  return typeof stated === "string" && timingSafeEqual(digest(stated), digest(secret));
}

/**
 * Returns whether a request is one of our own page's: exactly our host, so that no name that resolves to loopback counts, and of no other origin.
 * Whatever changes something has to state the origin.
 */
export function isOfOurPage({ headers, method }: IncomingMessage, host: string): boolean {
  const { origin } = headers;
  const isSafe = method === "GET" && origin === undefined;
  return headers.host === host && (isSafe || origin === `http://${host}`);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
