import { standingOf } from "../../lib/domain/approval/dual-control.ts";
import type { RequestVerdict } from "../../lib/domain/approval/person-request.ts";
import { caseOf } from "../../lib/domain/case/fold.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { Voter } from "../../lib/domain/people/vote.ts";
import { approvalOffer } from "../../lib/notices/approval-offer.ts";
import { unjudgedText } from "../../lib/notices/unjudged-text.ts";
import { verdictText } from "../../lib/notices/verdict-text.ts";
import { changeDialog } from "../../lib/slack/change-dialog.ts";
import type { SlackClient } from "../../lib/slack/client.ts";
import { type Interaction, parseInteraction, type Workspace } from "../../lib/slack/interaction.ts";
import {
  isRequesting,
  type Requesting,
  requestAboutCase,
  requestOfInteraction,
} from "../../lib/slack/interaction-request.ts";
import { dialogTexts } from "../../lib/slack/texts.ts";
import { type SignedRequest, slackRequestId } from "../../lib/slack/verify-signature.ts";
import { voteDialog } from "../../lib/slack/vote-dialog.ts";
import { previewVote, type VotePreviewDeps } from "../../lib/workflows/approve/preview-vote.ts";
import type { Log } from "../../lib/workflows/ports/guard.ts";
import { maxRequestBytes, type SendRequest } from "../../lib/workflows/ports/votes.ts";
import { asGuardError } from "../shared/as-guard-error.ts";
import { type HttpAnswer, json, status } from "../shared/http.ts";
import type { Secret } from "../shared/secret.ts";
import { verifyCallback } from "../shared/verify-callback.ts";
import { refusalCode } from "./refusal.ts";
import { takeRequest } from "./take-request.ts";

/** What the approval function works with. It holds no key, and writes nothing but messages to the queue of requests. */
export interface Approval {
  readonly voteDeps: VotePreviewDeps;
  readonly sendRequest: SendRequest;
  readonly slack: Pick<SlackClient, "whisper" | "openDialog">;
  readonly signingSecret: Secret;
  /** Absent in a stack without Slack. */
  readonly workspace?: Workspace;
  readonly log: Log;
}

/** Answers a callback of Slack, from its raw bytes. A sender that is not Slack learns nothing. */
export async function slackCallback(
  approval: Approval,
  request: SignedRequest,
  retryNumber?: string,
): Promise<HttpAnswer> {
  const { log, workspace, signingSecret, voteDeps } = approval;
  if (workspace === undefined) return status(404);
  try {
    await verifyCallback(signingSecret, request, voteDeps.clock());
  } catch (error) {
    const failure = asGuardError(error);
    const { code } = failure;
    log(refusalCode(failure), { code });
    return status(code === "SECRET_UNAVAILABLE" ? 503 : 401);
  }
  try {
    if (request.body.length > maxRequestBytes)
      throw new GuardError("CALLBACK_MALFORMED", "reject", "the callback is too large to be judged");
    return await act(approval, request, parseInteraction(request.body, workspace));
  } catch (error) {
    const failure = asGuardError(error);
    const { code, message } = failure;
    log(refusalCode(failure), { code, reason: message, ...(retryNumber !== undefined && { retryNumber }) });
    return status(code === "CALLBACK_MALFORMED" ? 400 : 200);
  }
}

async function act(approval: Approval, signed: SignedRequest, interaction: Interaction): Promise<HttpAnswer> {
  if (isRequesting(interaction)) return await take(approval, signed, interaction);
  if (interaction.kind === "open-dialog") await openDialog(approval, interaction);
  if (interaction.kind === "open-change-dialog") {
    const { dialog, name, triggerId } = interaction;
    await approval.slack.openDialog(triggerId, changeDialog(dialog, name));
  }
  return status(200);
}

/** Opens the dialog that says what an approval does; a case that cannot be read now keeps nobody from voting. */
async function openDialog(
  { slack, voteDeps, log }: Approval,
  { name, triggerId }: Extract<Interaction, { kind: "open-dialog" }>,
): Promise<void> {
  const stored = await voteDeps.cases.read(name).catch((error: unknown) => {
    log("CALLBACK_FAILED", { ...name, code: asGuardError(error).code });
    return undefined;
  });
  const state = stored && caseOf(stored.chain);
  const standing = state && standingOf(state, voteDeps.directory);
  const counted = standing && { approvals: standing.approvedBy.length, quorum: standing.quorum };
  await slack.openDialog(triggerId, voteDialog(name, approvalOffer(name, state, counted)));
}

/** Sends what a person requests to be judged. A dialog is answered with the verdict of now; after a click, people see the message of the case. */
async function take(approval: Approval, signed: SignedRequest, interaction: Requesting): Promise<HttpAnswer> {
  const { body, timestamp = "", signature = "" } = signed;
  const request = requestOfInteraction(interaction);
  const voter: Voter = { via: "slack", userId: interaction.by.userId };
  const isDialog = isOfDialog(interaction);
  try {
    const provisional = await takeRequest(approval, {
      signed: { via: "slack", body, timestamp, signature },
      requestId: slackRequestId(signed),
      request,
      ...(interaction.kind === "approve" && {
        preview: async () => await previewVote(approval.voteDeps, requestAboutCase(interaction), voter),
      }),
    });
    return isDialog ? closeDialog(refusalText(provisional)) : status(200);
  } catch (error) {
    const failure = asGuardError(error);
    const { code, message } = failure;
    approval.log(refusalCode(failure), { code, reason: message, voter: interaction.by.userId });
    if (isDialog) return closeDialog(dialogTexts.unsent, dialogTexts.unconfirmed);
    await notifyPerson(approval, interaction);
    return status(200);
  }
}

/** A request about a change is judged later: its verdict follows in the channel, to the person alone. */
function isOfDialog({ kind }: Requesting): boolean {
  return kind === "approve" || kind === "approve-change" || kind === "start-key";
}

function refusalText(provisional: RequestVerdict | undefined): string | undefined {
  if (provisional?.about === "nothing") return unjudgedText(provisional.verdict.why);
  return provisional?.about === "case" && provisional.verdict.kind === "refused"
    ? verdictText(provisional.verdict)
    : undefined;
}

/** Closes the dialog, or replaces it with `text`: only the person who sees it is notified. */
function closeDialog(text: string | undefined, title: string = dialogTexts.notCounted): HttpAnswer {
  if (text === undefined) return status(200);
  const view = {
    type: "modal",
    title: { type: "plain_text", text: title },
    close: { type: "plain_text", text: dialogTexts.close },
    blocks: [{ type: "section", text: { type: "plain_text", text } }],
  };
  return json(200, { response_action: "update", view });
}

/** Notifies the person that no answer came. */
async function notifyPerson({ slack, log }: Approval, { by: { channel, userId } }: Requesting): Promise<void> {
  if (channel === undefined) return;
  await slack.whisper(channel, userId, dialogTexts.unsent).catch((error: unknown) => {
    log("VOTER_NOTIFY_FAILED", { code: asGuardError(error).code });
  });
}
