import {
  type ProofSettings,
  type ProvenVote,
  parseProvenVote,
  verifyCaller,
  voteDigest,
} from "../../lib/aws/caller-proof.ts";
import { verdictText } from "../../lib/notices/verdict-text.ts";
import { recordVote } from "../../lib/workflows/record-vote.ts";
import { asGuardError } from "../shared/queue-batch.ts";
import { type Approval, record } from "./callback.ts";
import { type HttpAnswer, json } from "./http.ts";

/** What votes without Slack need besides. */
export interface ProvenVoting {
  readonly proof: Omit<ProofSettings, "now">;
}

const statusOf: Partial<Record<string, number>> = {
  VOTE_MALFORMED: 400,
  VOTE_EXPIRED: 403,
  CALLER_UNPROVEN: 403,
  CASE_UNKNOWN: 404,
  CASE_CLAIMED: 409,
};

/** A vote with AWS's own word for who casts it: the same rules, the same record as in Slack. */
export async function provenVote(approval: Approval & ProvenVoting, text: string): Promise<HttpAnswer> {
  const { polls, proof, log, metrics } = approval;
  try {
    const proven = parseProvenVote(text);
    const caller = await verifyCaller(proven, { ...proof, now: polls.clock() });
    const vote = voteFrom(proven, caller);
    const { verdict } = await record(
      approval,
      proven.vote.case,
      async () => await recordVote(polls, proven.vote.case, vote),
    );
    return json(200, { accepted: verdict.kind !== "refused", message: verdictText(verdict) });
  } catch (error) {
    const { code, message } = asGuardError(error);
    log("CALLBACK_REFUSED", { code, reason: message });
    metrics.count("CallbacksRefused");
    return json(statusOf[code] ?? 503, { code });
  }
}

/** The digest names the vote: sent twice, it is the same one. */
function voteFrom({ vote }: ProvenVote, { arn, userId }: { arn: string; userId: string }) {
  const voter = { via: "aws", arn, userId } as const;
  return { id: `aws:${userId}:${voteDigest(vote)}`, choice: vote.choice, reason: vote.reason, voter };
}
