import { isKeep } from "../../lib/domain/approval/person-request.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { WhyUnverified } from "../../lib/domain/people/vote.ts";
import { parseInteraction, type Workspace } from "../../lib/slack/interaction.ts";
import { isRequesting, requestOfInteraction } from "../../lib/slack/interaction-request.ts";
import { isSignedBy } from "../../lib/slack/verify-signature.ts";
import type { SignedRequest } from "../../lib/workflows/ports/votes.ts";
import { asGuardError } from "../shared/as-guard-error.ts";
import type { Secret } from "../shared/secret.ts";
import { verifyCallback } from "../shared/verify-callback.ts";
import type { VerifiedRequest } from "./verified-request.ts";

/** What verifying a request of Slack works with. */
export interface CallbackVerification {
  readonly signingSecret: Secret;
  /** Reads the signing secret that was replaced last, if any. Throws SECRET_UNAVAILABLE. */
  readonly previousSecret: () => Promise<string | undefined>;
  /** Absent in a stack without Slack. */
  readonly workspace?: Workspace;
}

/**
 * Verifies a request of Slack: its bytes first, as of `sentAt` (ms), when the queue took it. A Keep counts also where the callback is too
 * old, was signed by the secret before the one of now, or the secret cannot be read. Throws CALLBACK_FORGED, CALLBACK_MALFORMED, WORKSPACE_FOREIGN, or SECRET_UNAVAILABLE.
 */
export async function verifySlackRequest(
  verification: CallbackVerification,
  signed: Extract<SignedRequest, { via: "slack" }>,
  sentAt: number,
): Promise<VerifiedRequest> {
  const { workspace } = verification;
  if (workspace === undefined) throw new GuardError("WORKSPACE_FOREIGN", "reject", "this stack has no Slack");
  const doubt = await doubtOf(verification, signed, sentAt);
  const interaction = parseInteraction(signed.body, workspace);
  if (!isRequesting(interaction)) throw new GuardError("CALLBACK_MALFORMED", "reject", "the callback requests nothing");
  const request = requestOfInteraction(interaction);
  if (doubt?.why === "secret-unavailable" && !isKeep(request)) throw doubt.error;
  const { userId, channel } = interaction.by;
  return {
    request,
    voter: { via: "slack", userId },
    ...(channel !== undefined && { channel }),
    ...(doubt && { unverified: doubt.why }),
  };
}

/** Returns why the signature proves nothing now, if it is not wrong. Throws CALLBACK_FORGED, or SECRET_UNAVAILABLE. */
async function doubtOf(
  { signingSecret, previousSecret }: CallbackVerification,
  signed: Extract<SignedRequest, { via: "slack" }>,
  sentAt: number,
): Promise<{ readonly why: WhyUnverified; readonly error: GuardError } | undefined> {
  try {
    await verifyCallback(signingSecret, signed, sentAt);
    return undefined;
  } catch (thrown) {
    const error = asGuardError(thrown);
    if (error.code === "CALLBACK_STALE") return { why: "proof-aged", error };
    if (error.code === "SECRET_UNAVAILABLE") return { why: "secret-unavailable", error };
    if (error.code !== "CALLBACK_FORGED") throw error;
    const previous = await previousSecret();
    if (previous !== undefined && isSignedBy(signed, previous)) return { why: "secret-replaced", error };
    throw error;
  }
}
