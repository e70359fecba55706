import type { GuardError } from "../../lib/domain/guard-error.ts";
import type { Voter } from "../../lib/domain/people/vote.ts";
import { verdictText } from "../../lib/notices/verdict-text.ts";
import type { SlackClient } from "../../lib/slack/client.ts";
import { type Clicker, type Interaction, parseInteraction, type Workspace } from "../../lib/slack/interaction.ts";
import { type SignedRequest, verifySignature } from "../../lib/slack/verify-signature.ts";
import { voteDialog } from "../../lib/slack/vote-dialog.ts";
import { type Polls, type Recorded, recordUsageStart, recordVote } from "../../lib/workflows/approve/record-vote.ts";
import type { Log, LookAgain } from "../../lib/workflows/ports/guard.ts";
import { asGuardError } from "../shared/queue-batch.ts";
import type { Secret } from "../shared/secret.ts";
import { type HttpAnswer, json, status } from "./http.ts";
import { refusalCode } from "./refusal.ts";

/** What the approval function works with. It holds no key, and no right to one. */
export interface Approval {
  readonly polls: Polls;
  readonly lookAgain: LookAgain;
  readonly slack: Pick<SlackClient, "whisper" | "openDialog">;
  readonly signingSecret: Secret;
  readonly workspace: Workspace;
  readonly log: Log;
}

/** A callback of Slack, from the raw bytes to the answer. Whoever is not Slack learns nothing. */
export async function slackCallback(
  approval: Approval,
  request: SignedRequest,
  retryNumber?: string,
): Promise<HttpAnswer> {
  const { log, workspace } = approval;
  try {
    await verify(approval, request);
  } catch (error) {
    const failure = asGuardError(error);
    const { code } = failure;
    log(refusalCode(failure), { code });
    return status(code === "SECRET_UNAVAILABLE" ? 503 : 401);
  }
  try {
    return await act(approval, parseInteraction(request.body, workspace));
  } catch (error) {
    const failure = asGuardError(error);
    const { code, message } = failure;
    log(refusalCode(failure), { code, reason: message, ...(retryNumber !== undefined && { retryNumber }) });
    return status(code === "CALLBACK_MALFORMED" ? 400 : 200);
  }
}

/** Against the secret at hand, and once a minute against the one of now: it may have been rotated. */
async function verify({ polls, signingSecret }: Approval, request: SignedRequest): Promise<void> {
  const secret = await signingSecret.read();
  try {
    verifySignature(request, secret, polls.clock());
  } catch (error) {
    if (asGuardError(error).code === "CALLBACK_STALE") throw error;
    const current = await signingSecret.readAgain();
    if (current === undefined || current === secret) throw error;
    verifySignature(request, current, polls.clock());
  }
}

async function act(approval: Approval, interaction: Interaction): Promise<HttpAnswer> {
  switch (interaction.kind) {
    case "nothing":
      return status(200);
    case "open-dialog":
      await approval.slack.openDialog(interaction.triggerId, voteDialog(interaction.name));
      return status(200);
    case "keep":
    case "start-usage": {
      const text = await settle(approval, interaction);
      await tell(approval, interaction.by, text);
      return status(200);
    }
    case "approve":
      return closeDialog(await settle(approval, interaction));
  }
}

/** Records what somebody wants, tells the guard to look, and answers what that person is told, if anything. */
async function settle(
  approval: Approval,
  interaction: Extract<Interaction, { kind: "keep" | "start-usage" | "approve" }>,
): Promise<string | undefined> {
  const { name, by, id } = interaction;
  const voter: Voter = { via: "slack", userId: by.userId };
  try {
    const recorded = await record(approval, name, async () => {
      if (interaction.kind === "start-usage") return await recordUsageStart(approval.polls, name, voter);
      const said =
        interaction.kind === "keep"
          ? { choice: interaction.kind }
          : { choice: interaction.kind, reason: interaction.reason };
      return await recordVote(approval.polls, name, { id, voter, ...said });
    });
    const { verdict } = recorded;
    return verdict.kind === "refused" || verdict.kind === "kept-already" ? verdictText(verdict) : undefined;
  } catch (error) {
    const failure = asGuardError(error);
    const { code, message } = failure;
    approval.log(refusalCode(failure), { code, reason: message, voter: by.userId });
    return troubleText(code);
  }
}

/** Records by `recording` and tells the guard to look again; a word that is lost is made up for by the sweep. */
export async function record(
  { lookAgain, log }: Pick<Approval, "lookAgain" | "log">,
  name: Parameters<LookAgain>[0],
  recording: () => Promise<Recorded>,
): Promise<Recorded> {
  const recorded = await recording();
  const { verdict, added, unrevoked } = recorded;
  const refused = verdict.kind === "refused";
  log(refused ? "VOTE_REFUSED" : "VOTE_RECORDED", { ...name, verdict: { ...verdict } });
  if (unrevoked !== undefined) log("PERMITS_LEFT_TO_GUARD", { ...name, code: unrevoked });
  if (added || !refused)
    await lookAgain(name).catch((error: unknown) =>
      log("LOOK_AGAIN_FAILED", { ...name, code: asGuardError(error).code }),
    );
  return recorded;
}

function troubleText(code: GuardError["code"]): string {
  if (code === "CASE_UNKNOWN") return "There is no such case here any more, so nothing was recorded.";
  if (code === "CASE_CLAIMED")
    return "The guard is at work on this key right now. Nothing was recorded: please try again in a minute.";
  return "This could not be recorded. Please try again; if it goes on, tell the team that runs reprieve.";
}

/** A dialog that was not accepted says so in itself: only the person who sees it is told. */
function closeDialog(text: string | undefined): HttpAnswer {
  if (text === undefined) return status(200);
  const view = {
    type: "modal",
    title: { type: "plain_text", text: "Not counted" },
    close: { type: "plain_text", text: "Close" },
    blocks: [{ type: "section", text: { type: "plain_text", text } }],
  };
  return json(200, { response_action: "update", view });
}

async function tell({ slack, log }: Approval, { channel, userId }: Clicker, text: string | undefined): Promise<void> {
  if (text === undefined || channel === undefined) return;
  // It is on record by now; that the person could not be told changes nothing about it.
  await slack.whisper(channel, userId, text).catch((error: unknown) => {
    log("VOTER_NOT_TOLD", { code: asGuardError(error).code });
  });
}
