import type { GuardError } from "../../lib/domain/guard-error.ts";
import type { Voter } from "../../lib/domain/people/vote.ts";
import { verdictText } from "../../lib/notices/verdict-text.ts";
import type { SlackClient } from "../../lib/slack/client.ts";
import { type Clicker, type Interaction, parseInteraction, type Workspace } from "../../lib/slack/interaction.ts";
import { type SignedRequest, verifySignature } from "../../lib/slack/verify-signature.ts";
import { voteDialog } from "../../lib/slack/vote-dialog.ts";
import { recordUsageStart, recordVote, type VoteDeps } from "../../lib/workflows/approve/record-vote.ts";
import type { Log, ReEvaluate } from "../../lib/workflows/ports/guard.ts";
import { asGuardError } from "../shared/as-guard-error.ts";
import type { Secret } from "../shared/secret.ts";
import { type HttpAnswer, json, status } from "./http.ts";
import { recordAndReEvaluate } from "./record-and-re-evaluate.ts";
import { refusalCode } from "./refusal.ts";

/** What the approval function works with. It holds no key, and no right to one. */
export interface Approval {
  readonly voteDeps: VoteDeps;
  readonly reEvaluate: ReEvaluate;
  readonly slack: Pick<SlackClient, "whisper" | "openDialog">;
  readonly signingSecret: Secret;
  readonly workspace: Workspace;
  readonly log: Log;
}

/** Answers a callback of Slack, from its raw bytes. A sender that is not Slack learns nothing. */
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

/** Verifies the signature with the cached secret, and at most once a minute with the current one: it may have been rotated. */
async function verify({ voteDeps, signingSecret }: Approval, request: SignedRequest): Promise<void> {
  const secret = await signingSecret.read();
  try {
    verifySignature(request, secret, voteDeps.clock());
  } catch (error) {
    if (asGuardError(error).code === "CALLBACK_STALE") throw error;
    const current = await signingSecret.readAgain();
    if (current === undefined || current === secret) throw error;
    verifySignature(request, current, voteDeps.clock());
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
      const text = await recordRequest(approval, interaction);
      await notifyPerson(approval, interaction.by, text);
      return status(200);
    }
    case "approve":
      return closeDialog(await recordRequest(approval, interaction));
  }
}

/** Records what a person requests, and returns the text to notify that person with, if any. */
async function recordRequest(
  approval: Approval,
  interaction: Extract<Interaction, { kind: "keep" | "start-usage" | "approve" }>,
): Promise<string | undefined> {
  const { voteDeps, log } = approval;
  const { name, by, id } = interaction;
  const voter: Voter = { via: "slack", userId: by.userId };
  try {
    const { verdict } = await recordAndReEvaluate(approval, name, async () => {
      if (interaction.kind === "start-usage") return await recordUsageStart(voteDeps, name, voter);
      const { kind: choice } = interaction;
      const reason = interaction.kind === "approve" && { reason: interaction.reason };
      return await recordVote(voteDeps, name, { id, voter, choice, ...reason });
    });
    return verdict.kind === "refused" || verdict.kind === "kept-already" ? verdictText(verdict) : undefined;
  } catch (error) {
    const failure = asGuardError(error);
    const { code, message } = failure;
    log(refusalCode(failure), { code, reason: message, voter: by.userId });
    return troubleText(code);
  }
}

function troubleText(code: GuardError["code"]): string {
  if (code === "CASE_UNKNOWN") return "There is no such case here any more, so nothing was recorded.";
  if (code === "CASE_CLAIMED")
    return "The guard is at work on this key right now. Nothing was recorded: please try again in a minute.";
  return "This could not be recorded. Please try again; if it goes on, tell the team that runs reprieve.";
}

/** Closes the dialog, or replaces it with `text`: only the person who sees it is notified. */
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

async function notifyPerson(
  { slack, log }: Approval,
  { channel, userId }: Clicker,
  text: string | undefined,
): Promise<void> {
  if (text === undefined || channel === undefined) return;
  // The request is recorded by now: a failed notification changes nothing about it.
  await slack.whisper(channel, userId, text).catch((error: unknown) => {
    log("VOTER_NOTIFY_FAILED", { code: asGuardError(error).code });
  });
}
