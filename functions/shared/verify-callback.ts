import { type SignedRequest, verifySignature } from "../../lib/slack/verify-signature.ts";
import { asGuardError } from "./as-guard-error.ts";
import type { Secret } from "./secret.ts";

/**
 * Verifies Slack's signature at `now` (ms) with the cached secret, and at most once a minute with the current one: it may have been
 * rotated. Throws CALLBACK_FORGED, CALLBACK_STALE, or SECRET_UNAVAILABLE.
 */
export async function verifyCallback(signingSecret: Secret, request: SignedRequest, now: number): Promise<void> {
  const secret = await signingSecret.read();
  try {
    verifySignature(request, secret, now);
  } catch (error) {
    if (asGuardError(error).code === "CALLBACK_STALE") throw error;
    const current = await signingSecret.readAgain();
    if (current === undefined || current === secret) throw error;
    verifySignature(request, current, now);
  }
}
