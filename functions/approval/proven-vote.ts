import { type ProofSettings, verifyCaller } from "../../lib/aws/sts/caller-proof.ts";
import { requestOfVote } from "../../lib/aws/sts/proven-request.ts";
import { parseProvenVote, provenRequestId } from "../../lib/aws/sts/proven-vote.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { type Directory, personOfVoter } from "../../lib/domain/people/directory.ts";
import type { Voter } from "../../lib/domain/people/vote.ts";
import { requestText } from "../../lib/notices/request-text.ts";
import { type PreviewDeps, previewRequest } from "../../lib/workflows/approve/preview-request.ts";
import { asGuardError } from "../shared/as-guard-error.ts";
import { type HttpAnswer, json } from "../shared/http.ts";
import type { Approval } from "./callback.ts";
import { refusalCode } from "./refusal.ts";
import { takeRequest } from "./take-request.ts";

/** What requests without Slack need in addition. */
export interface ProvenVoting extends Omit<PreviewDeps, "voteDeps"> {
  readonly proof: Omit<ProofSettings, "now">;
}

const statusOf: Partial<Record<string, number>> = {
  VOTE_MALFORMED: 400,
  VOTE_EXPIRED: 403,
  CALLER_EXPIRED: 403,
  CALLER_UNKNOWN: 403,
  CALLER_UNPROVEN: 403,
  CASE_UNKNOWN: 404,
};

/**
 * Takes a request whose caller AWS proves: 202 with the id of its receipt and, where it can be judged now, the provisional verdict. What
 * can be refused without STS is refused before it is asked, and nothing is sent that comes from nobody whom the policy knows.
 */
export async function provenVote(approval: Approval & ProvenVoting, text: string): Promise<HttpAnswer> {
  const { voteDeps, proof, log } = approval;
  try {
    const proven = parseProvenVote(text);
    const { arn, userId } = await verifyCaller(proven, { ...proof, now: voteDeps.clock() });
    const voter = { via: "aws", arn, userId } as const;
    checkKnown(voteDeps.directory, voter);
    const request = requestOfVote(proven.vote, userId);
    const requestId = provenRequestId(proven);
    const provisional = await takeRequest(approval, {
      signed: { via: "aws", text, claimed: voter },
      requestId,
      request,
      preview: async () => await previewRequest(approval, request, voter),
    });
    if (provisional?.about === "nothing")
      return json(statusOf[provisional.verdict.why] ?? 404, { code: provisional.verdict.why });
    const verdict = provisional && {
      accepted: provisional.verdict.kind !== "refused",
      message: requestText(provisional),
    };
    return json(202, { receipt: requestId, ...(verdict && { provisional: verdict }) });
  } catch (error) {
    const failure = asGuardError(error);
    const { code, message } = failure;
    log(refusalCode(failure), { code, reason: message });
    return json(statusOf[code] ?? 503, { code });
  }
}

/** INVARIANT: AWS proves the callers of any account in the world: those who are no persons of ours leave nothing, neither in the queue nor in the table. */
function checkKnown(directory: Directory, voter: Voter): void {
  if (personOfVoter(directory, voter) === undefined)
    throw new GuardError("CALLER_UNKNOWN", "reject", "the caller is not in the policy's directory of people");
}
