import {
  type CaseVote,
  type CastVote,
  type PauseVote,
  type PermitVote,
  type ProofSettings,
  parseProvenVote,
  verifyCaller,
  voteDigest,
} from "../../lib/aws/sts/caller-proof.ts";
import type { Caller } from "../../lib/aws/sts/caller-proof-answer.ts";
import type { PauseRequest } from "../../lib/domain/approval/pause.ts";
import type { PermitCommand } from "../../lib/domain/approval/permit-command.ts";
import { pauseVerdictText } from "../../lib/notices/pause-text.ts";
import { permitVerdictText } from "../../lib/notices/permit-text.ts";
import { verdictText } from "../../lib/notices/verdict-text.ts";
import { type PauseDeps, recordPause } from "../../lib/workflows/approve/record-pause.ts";
import { type PermitDeps, recordPermit } from "../../lib/workflows/approve/record-permit.ts";
import { recordVote } from "../../lib/workflows/approve/record-vote.ts";
import type { NotifyPauseChanged, NotifyPermitChanged } from "../../lib/workflows/ports/guard.ts";
import { asGuardError } from "../shared/as-guard-error.ts";
import type { Approval } from "./callback.ts";
import { type HttpAnswer, json } from "./http.ts";
import { recordAndReEvaluate } from "./record-and-re-evaluate.ts";
import { refusalCode } from "./refusal.ts";

/** What votes without Slack need in addition. */
export interface ProvenVoting {
  readonly proof: Omit<ProofSettings, "now">;
  readonly pauseDeps: PauseDeps;
  readonly notifyPauseChanged: NotifyPauseChanged;
  readonly permitDeps: PermitDeps;
  readonly notifyPermitChanged: NotifyPermitChanged;
}

const statusOf: Partial<Record<string, number>> = {
  VOTE_MALFORMED: 400,
  VOTE_EXPIRED: 403,
  CALLER_UNPROVEN: 403,
  CASE_UNKNOWN: 404,
  CASE_CLAIMED: 409,
};

/** Answers a vote whose caller AWS proves: the same rules and the same record as in Slack. */
export async function provenVote(approval: Approval & ProvenVoting, text: string): Promise<HttpAnswer> {
  const { voteDeps, proof, log } = approval;
  try {
    const proven = parseProvenVote(text);
    const caller = await verifyCaller(proven, { ...proof, now: voteDeps.clock() });
    const { vote } = proven;
    return json(200, await recordProven(approval, vote, caller));
  } catch (error) {
    const failure = asGuardError(error);
    const { code, message } = failure;
    log(refusalCode(failure), { code, reason: message });
    return json(statusOf[code] ?? 503, { code });
  }
}

/** The answer to a person: whether the request counts, and why. */
interface VoteResponse {
  readonly accepted: boolean;
  readonly message: string;
}

async function recordProven(approval: Approval & ProvenVoting, vote: CastVote, caller: Caller): Promise<VoteResponse> {
  if ("pause" in vote) return await recordPauseRequest(approval, vote, caller);
  if ("permit" in vote) return await recordPermitCommand(approval, vote, caller);
  return await recordCaseVote(approval, vote, caller);
}

async function recordCaseVote(approval: Approval, vote: CaseVote, { arn, userId }: Caller): Promise<VoteResponse> {
  const { case: name, choice, reason } = vote;
  // The digest names the vote: sent twice, it is the same one.
  const cast = { id: `aws:${userId}:${voteDigest(vote)}`, choice, reason, voter: { via: "aws", arn, userId } } as const;
  const { verdict } = await recordAndReEvaluate(approval, name, async () => {
    return await recordVote(approval.voteDeps, name, cast);
  });
  return { accepted: verdict.kind !== "refused", message: verdictText(verdict) };
}

async function recordPauseRequest(
  { pauseDeps, notifyPauseChanged, log }: Approval & ProvenVoting,
  { pause, reason }: PauseVote,
  { arn, userId }: Caller,
): Promise<VoteResponse> {
  const request: PauseRequest = pause === "end" ? { do: "end", reason } : { do: "pause", forMs: pause, reason };
  const { verdict, changed } = await recordPause(pauseDeps, { via: "aws", arn, userId }, request);
  const refused = verdict.kind === "refused";
  log(refused ? "PAUSE_REFUSED" : "PAUSE_CHANGED", { pause: changed, verdict: { ...verdict } });
  // If this event is lost, the sweep publishes it again.
  if (changed !== undefined)
    await notifyPauseChanged(changed).catch((error: unknown) =>
      log("PAUSE_NOTIFY_FAILED", { code: asGuardError(error).code }),
    );
  return { accepted: !refused, message: pauseVerdictText(verdict) };
}

async function recordPermitCommand(
  { permitDeps, notifyPermitChanged, log }: Approval & ProvenVoting,
  { permit, reason }: PermitVote,
  { arn, userId }: Caller,
): Promise<VoteResponse> {
  const { verdict, changed } = await recordPermit(permitDeps, { via: "aws", arn, userId }, commandOf(permit, reason));
  const refused = verdict.kind === "refused";
  log(refused ? "PERMIT_REFUSED" : "PERMIT_CHANGED", { ...changed, verdict: { ...verdict } });
  if (changed !== undefined)
    await notifyPermitChanged(changed).catch((error: unknown) =>
      log("PERMIT_NOTIFY_FAILED", { code: asGuardError(error).code }),
    );
  return { accepted: !refused, message: permitVerdictText(verdict) };
}

function commandOf(permit: PermitVote["permit"], reason: string): PermitCommand {
  if ("approve" in permit) return { do: "approve", name: permit.approve, reason };
  if ("revoke" in permit) return { do: "revoke", name: permit.revoke, reason };
  const { keyArn, ...wish } = permit.request;
  return { do: "request", keyArn, wish, reason };
}
