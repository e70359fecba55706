import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { GuardError } from "../domain/guard-error.ts";

/** How far (s) a callback's time may lie from ours, in either direction. */
const tolerance = 300;

/** Slack's signing secrets have 32 characters; a shorter one is a configuration error, and must not be accepted. */
const shortestSecret = 32;

/** What came over the wire, before anything is believed. */
export interface SignedRequest {
  /** The body as it came: what is signed are its bytes. */
  readonly body: Uint8Array;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
}

/**
 * Checks Slack's signature over the raw bytes, in constant time. `now` in ms since the epoch. Throws CALLBACK_STALE,
 * CALLBACK_FORGED, or SECRET_UNAVAILABLE for a secret that cannot be one. Source: "Verifying requests from Slack".
 */
export function verifySignature(
  { body, timestamp = "", signature = "" }: SignedRequest,
  secret: string,
  now: number,
): void {
  if (secret.length < shortestSecret)
    throw new GuardError("SECRET_UNAVAILABLE", "retry", "the signing secret is not set, or too short to be one");
  if (!/^\d{1,12}$/.test(timestamp)) throw forged();
  const expected = Buffer.from(signatureOf(secret, timestamp, body));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw forged();
  // Last, so that nobody without the secret learns how our clock stands.
  // Negated, so that an invalid time is refused too.
  if (!(Math.abs(now / 1000 - Number(timestamp)) <= tolerance))
    throw new GuardError("CALLBACK_STALE", "reject", "the callback is from another time");
}

/** `v0=` and the HMAC-SHA256 of `v0:<timestamp>:<body>`. */
export function signatureOf(secret: string, timestamp: string, body: Uint8Array): string {
  return `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body).digest("hex")}`;
}

function forged(): GuardError {
  return new GuardError("CALLBACK_FORGED", "reject", "the callback does not bear our signature");
}

/** Returns whether `secret` signed the request, at whatever time. */
export function isSignedBy(request: SignedRequest, secret: string): boolean {
  try {
    verifySignature(request, secret, Number(request.timestamp) * 1000);
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns the id of a signed request: SHA-256 of its signature and of what Slack signed. INVARIANT: what bears another signature has
 * another id, so that the refusal of a forged copy is not the receipt of the request itself.
 */
export function slackRequestId({ body, timestamp = "", signature = "" }: SignedRequest): string {
  return createHash("sha256").update(`slack\n${signature}\nv0:${timestamp}:`).update(body).digest("hex");
}
