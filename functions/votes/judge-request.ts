import { parseProvenVote, provenRequestId } from "../../lib/aws/sts/proven-vote.ts";
import { isKeep, type RequestVerdict, verdictKey } from "../../lib/domain/approval/person-request.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { requestText } from "../../lib/notices/request-text.ts";
import { slackRequestId } from "../../lib/slack/verify-signature.ts";
import { type RequestDeps, recordRequest } from "../../lib/workflows/approve/record-request.ts";
import type {
  NotifyJudged,
  QueuedRequest,
  Receipt,
  ReceiptBook,
  SignedRequest,
} from "../../lib/workflows/ports/votes.ts";
import { asGuardError } from "../shared/as-guard-error.ts";
import type { VerifiedRequest } from "./verified-request.ts";
import { type ProofVerification, verifyProvenRequest } from "./verify-proven-request.ts";
import { type CallbackVerification, verifySlackRequest } from "./verify-slack-request.ts";

/** What judging a request works with. It holds no key, and no right to one. */
export interface VotesDeps extends RequestDeps, CallbackVerification, ProofVerification {
  readonly receipts: ReceiptBook;
  readonly notifyJudged: NotifyJudged;
}

/**
 * Verifies a request again, judges it and records it, once: a request with a receipt is only announced again. `sentAt` (ms) is when the
 * queue took it. A Keep is recorded also where receipts cannot be read or written. Throws what is to be retried, or EVENT_MALFORMED.
 */
export async function judgeRequest(deps: VotesDeps, queued: QueuedRequest, sentAt: number): Promise<void> {
  const { receipts, notifyJudged, log } = deps;
  const requestId = requestIdOf(queued.signed);
  const found = await receipts.read(requestId).catch(asGuardError);
  const unread = found instanceof GuardError && { unread: found };
  const earlier = found instanceof GuardError ? undefined : found;
  const receipt = earlier ?? (await receipts.write(await judge(deps, queued, { requestId, sentAt, ...unread })));
  await notifyJudged(requestId).catch((error: unknown) =>
    log("VERDICT_NOTIFY_FAILED", { requestId, code: asGuardError(error).code }),
  );
  log("REQUEST_JUDGED", { requestId, verdict: receipt.verdict, repeated: earlier !== undefined });
}

/** INVARIANT: the id of a request is computed from what was signed, never taken from the message. */
function requestIdOf(signed: SignedRequest): string {
  if (signed.via === "slack") return slackRequestId(signed);
  try {
    return provenRequestId(parseProvenVote(signed.text));
  } catch (cause) {
    throw new GuardError("EVENT_MALFORMED", "dead-letter", "the message carries no request", { cause });
  }
}

interface Sent {
  readonly requestId: string;
  readonly sentAt: number;
  /** Why it is not known whether there is a receipt. */
  readonly unread?: GuardError;
}

async function judge(deps: VotesDeps, queued: QueuedRequest, sent: Sent): Promise<Receipt> {
  const verified = await verify(deps, queued.signed, sent);
  // INVARIANT: a Keep waits for no receipt: its case knows the request too, and a second Keep only protects the key again.
  if (sent.unread !== undefined && ("refused" in verified || !isKeep(verified.request))) throw sent.unread;
  if ("refused" in verified)
    return receiptOf(deps, queued, sent, { about: "nothing", verdict: { kind: "refused", why: verified.refused } });
  const { request, voter, channel, unverified } = verified;
  const origin = { requestId: sent.requestId, ...(unverified && { unverified }) };
  const verdict = await recordRequest(deps, request, voter, origin);
  const doubt = unverified && { unverified };
  return { ...receiptOf(deps, queued, sent, verdict), voter, ...(channel !== undefined && { channel }), ...doubt };
}

/** Returns the request, or the code of a proof that is wrong. */
async function verify(
  deps: VotesDeps,
  signed: SignedRequest,
  { requestId, sentAt }: Sent,
): Promise<VerifiedRequest | { readonly refused: GuardError["code"] }> {
  try {
    const verified =
      signed.via === "slack"
        ? await verifySlackRequest(deps, signed, sentAt)
        : await verifyProvenRequest(deps, signed, sentAt);
    const { request, unverified } = verified;
    if (unverified !== undefined && request.about === "vote" && request.vote.choice === "keep")
      deps.log("KEEP_UNVERIFIED", { requestId, ...request.name, why: unverified });
    return verified;
  } catch (error) {
    const { code, disposition } = asGuardError(error);
    if (disposition !== "reject") throw error;
    deps.log("REQUEST_UNPROVEN", { requestId, code });
    return { refused: code };
  }
}

function receiptOf({ clock }: VotesDeps, { answered }: QueuedRequest, sent: Sent, verdict: RequestVerdict): Receipt {
  const accepted = verdict.verdict.kind !== "refused";
  const [message, judgedAt] = [requestText(verdict), clock()];
  const { requestId, sentAt } = sent;
  return { requestId, sentAt, verdict: verdictKey(verdict), accepted, message, answered, judgedAt };
}
