import {
  askCaller,
  checkBinding,
  checkFreshness,
  type ProofSettings,
  signedAt,
} from "../../lib/aws/sts/caller-proof.ts";
import type { Caller } from "../../lib/aws/sts/caller-proof-answer.ts";
import { requestOfVote } from "../../lib/aws/sts/proven-request.ts";
import { type ProvenVote, parseProvenVote } from "../../lib/aws/sts/proven-vote.ts";
import { isKeep } from "../../lib/domain/approval/person-request.ts";
import type { GuardError } from "../../lib/domain/guard-error.ts";
import type { WhyUnverified } from "../../lib/domain/people/vote.ts";
import { minuteMs } from "../../lib/domain/time.ts";
import type { SignedRequest } from "../../lib/workflows/ports/votes.ts";
import { asGuardError } from "../shared/as-guard-error.ts";
import type { VerifiedRequest } from "./verified-request.ts";

/** What verifying a request that AWS proves works with. */
export interface ProofVerification {
  readonly proof: Omit<ProofSettings, "now">;
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** From this age (ms) on, STS may refuse a signature for its age alone: it takes 15 minutes, and its clock is not ours. */
const agedMs = 14 * minuteMs;

/**
 * Verifies a request that AWS proves: STS is asked again, and the vote has to have been fresh at `sentAt` (ms), when the queue took it. A
 * Keep counts also where that proves nothing any more, or STS does not answer. Throws CALLER_UNPROVEN, or STS_UNAVAILABLE.
 */
export async function verifyProvenRequest(
  { proof, clock }: ProofVerification,
  { text, claimed }: Extract<SignedRequest, { via: "aws" }>,
  sentAt: number,
): Promise<VerifiedRequest> {
  const proven = parseProvenVote(text);
  checkBinding(proven, proof);
  const claim = { request: requestOfVote(proven.vote, claimed.userId), voter: claimed };
  if (!isKeep(claim.request) && !isFreshAt(proven, sentAt)) return { ...claim, unverified: "proof-aged" };
  const caller = await askCaller(proven, proof).catch((error: unknown) => {
    const failure = asGuardError(error);
    const why = doubtBy(failure, clock() - signedAt(proven));
    if (why === undefined || (why === "sts-unavailable" && !isKeep(claim.request))) throw failure;
    return why;
  });
  return typeof caller === "string" ? { ...claim, unverified: caller } : provenBy(caller, proven);
}

function provenBy({ arn, userId }: Caller, { vote }: ProvenVote): VerifiedRequest {
  return { request: requestOfVote(vote, userId), voter: { via: "aws", arn, userId } };
}

/** Returns why a failure to verify a signature of this age (ms) does not mean that it is wrong, or undefined if it does. */
function doubtBy({ code }: GuardError, ageMs: number): WhyUnverified | undefined {
  if (code === "STS_UNAVAILABLE") return "sts-unavailable";
  const isAged = code === "CALLER_EXPIRED" || (code === "CALLER_UNPROVEN" && ageMs >= agedMs);
  return isAged ? "proof-aged" : undefined;
}

function isFreshAt(proven: ProvenVote, at: number): boolean {
  try {
    checkFreshness(proven, at);
    return true;
  } catch {
    return false;
  }
}
