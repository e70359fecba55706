import {
  type CaseVote,
  type PauseVote,
  type ProofSettings,
  parseProvenVote,
  verifyCaller,
  voteDigest,
} from "../../lib/aws/caller-proof.ts";
import type { Caller } from "../../lib/aws/caller-proof-answer.ts";
import { pauseVerdictText } from "../../lib/notices/pause-text.ts";
import { verdictText } from "../../lib/notices/verdict-text.ts";
import type { TellOfPause } from "../../lib/workflows/ports.ts";
import { type PauseDesk, recordPause } from "../../lib/workflows/record-pause.ts";
import { recordVote } from "../../lib/workflows/record-vote.ts";
import { asGuardError } from "../shared/queue-batch.ts";
import { type Approval, record } from "./callback.ts";
import { type HttpAnswer, json } from "./http.ts";

/** What votes without Slack need besides. */
export interface ProvenVoting {
  readonly proof: Omit<ProofSettings, "now">;
  readonly desk: PauseDesk;
  readonly tellOfPause: TellOfPause;
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
    const { vote } = proven;
    const said = "pause" in vote ? await onPause(approval, vote, caller) : await onCase(approval, vote, caller);
    return json(200, said);
  } catch (error) {
    const { code, message } = asGuardError(error);
    log("CALLBACK_REFUSED", { code, reason: message });
    metrics.count("CallbacksRefused");
    return json(statusOf[code] ?? 503, { code });
  }
}

interface Said {
  readonly accepted: boolean;
  readonly message: string;
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
