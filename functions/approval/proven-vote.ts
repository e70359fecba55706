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
import type { PermitWord } from "../../lib/domain/approval/permit-word.ts";
import { pauseVerdictText } from "../../lib/notices/pause-text.ts";
import { permitVerdictText } from "../../lib/notices/permit-text.ts";
import { verdictText } from "../../lib/notices/verdict-text.ts";
import { type PauseDesk, recordPause } from "../../lib/workflows/approve/record-pause.ts";
import { type PermitDesk, recordPermitWord } from "../../lib/workflows/approve/record-permit.ts";
import { recordVote } from "../../lib/workflows/approve/record-vote.ts";
import type { TellOfPause, TellOfPermit } from "../../lib/workflows/ports/guard.ts";
import { asGuardError } from "../shared/queue-batch.ts";
import { type Approval, record } from "./callback.ts";
import { type HttpAnswer, json } from "./http.ts";
import { refusalCode } from "./refusal.ts";

/** What votes without Slack need besides. */
export interface ProvenVoting {
  readonly proof: Omit<ProofSettings, "now">;
  readonly desk: PauseDesk;
  readonly tellOfPause: TellOfPause;
  readonly permitDesk: PermitDesk;
  readonly tellOfPermit: TellOfPermit;
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
  const { polls, proof, log } = approval;
  try {
    const proven = parseProvenVote(text);
    const caller = await verifyCaller(proven, { ...proof, now: polls.clock() });
    const { vote } = proven;
    return json(200, await settle(approval, vote, caller));
  } catch (error) {
    const failure = asGuardError(error);
    const { code, message } = failure;
    log(refusalCode(failure), { code, reason: message });
    return json(statusOf[code] ?? 503, { code });
  }
}

interface Said {
  readonly accepted: boolean;
  readonly message: string;
}

async function settle(approval: Approval & ProvenVoting, vote: CastVote, caller: Caller): Promise<Said> {
  if ("pause" in vote) return await onPause(approval, vote, caller);
  if ("permit" in vote) return await onPermit(approval, vote, caller);
  return await onCase(approval, vote, caller);
}

async function onCase(approval: Approval, vote: CaseVote, { arn, userId }: Caller): Promise<Said> {
  const { case: name, choice, reason } = vote;
  // The digest names the vote: sent twice, it is the same one.
  const cast = { id: `aws:${userId}:${voteDigest(vote)}`, choice, reason, voter: { via: "aws", arn, userId } } as const;
  const { verdict } = await record(approval, name, async () => await recordVote(approval.polls, name, cast));
  return { accepted: verdict.kind !== "refused", message: verdictText(verdict) };
}

async function onPause(
  { desk, tellOfPause, log }: Pick<ProvenVoting, "desk" | "tellOfPause"> & Pick<Approval, "log">,
  { pause, reason }: PauseVote,
  { arn, userId }: Caller,
): Promise<Said> {
  const word = pause === "end" ? ({ do: "end", reason } as const) : ({ do: "pause", forMs: pause, reason } as const);
  const { verdict, changed } = await recordPause(desk, { via: "aws", arn, userId }, word);
  const refused = verdict.kind === "refused";
  log(refused ? "PAUSE_REFUSED" : "PAUSE_CHANGED", { pause: changed, verdict: { ...verdict } });
  // It is on record; the sweep says it once more should this word be lost.
  if (changed !== undefined)
    await tellOfPause(changed).catch((error: unknown) => log("PAUSE_NOT_TOLD", { code: asGuardError(error).code }));
  return { accepted: !refused, message: pauseVerdictText(verdict) };
}

async function onPermit(
  { permitDesk, tellOfPermit, log }: Pick<ProvenVoting, "permitDesk" | "tellOfPermit"> & Pick<Approval, "log">,
  { permit, reason }: PermitVote,
  { arn, userId }: Caller,
): Promise<Said> {
  const { verdict, changed } = await recordPermitWord(permitDesk, { via: "aws", arn, userId }, wordOf(permit, reason));
  const refused = verdict.kind === "refused";
  log(refused ? "PERMIT_REFUSED" : "PERMIT_CHANGED", { ...changed, verdict: { ...verdict } });
  if (changed !== undefined)
    await tellOfPermit(changed).catch((error: unknown) => log("PERMIT_NOT_TOLD", { code: asGuardError(error).code }));
  return { accepted: !refused, message: permitVerdictText(verdict) };
}

function wordOf(permit: PermitVote["permit"], reason: string): PermitWord {
  if ("approve" in permit) return { do: "approve", name: permit.approve, reason };
  if ("revoke" in permit) return { do: "revoke", name: permit.revoke, reason };
  const { keyArn, ...wish } = permit.request;
  return { do: "request", keyArn, wish, reason };
}
