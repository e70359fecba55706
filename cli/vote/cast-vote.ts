import * as v from "valibot";
import type { CastVote, ChangePermitVote, ExportVote, PermitVote, StartVote } from "../../lib/aws/sts/proven-vote.ts";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import { type CaseName, caseNameFrom } from "../../lib/domain/ledger/case-name.ts";
import { changeNameFrom } from "../../lib/domain/ledger/change-name.ts";
import { changePermitNameFrom } from "../../lib/domain/ledger/change-permit-name.ts";
import { type Subject as Changed, subjectFrom } from "../../lib/domain/operations/subject.ts";
import { minuteMs } from "../../lib/domain/time.ts";
import type { Credentials } from "../shell/credentials.ts";
import { awaitVerdict } from "./await-verdict.ts";
import { signVote } from "./sign-vote.ts";

/** What is voted on: the deletion of a key, a pause of the guard of so many ms, a permit for a deletion that is planned, or an export that is reported. */
export type Subject =
  | { readonly choice: "approve" | "keep"; readonly case: CaseName }
  | { readonly pause: number | "end" }
  | Pick<PermitVote, "permit">
  | Pick<ExportVote, "export">
  | Pick<ChangePermitVote, "changePermit">
  | Pick<StartVote, "start">;

/** The key that it is about, if it is about one. */
export function keyOf(subject: Subject): KeyArn | undefined {
  if ("case" in subject) return subject.case.keyArn;
  if ("pause" in subject || "export" in subject) return undefined;
  if ("start" in subject) return caseNameFrom(subject.start)?.keyArn ?? keyIn(changeNameFrom(subject.start)?.subject);
  if ("changePermit" in subject) return keyIn(subjectOfPermit(subject.changePermit));
  const { permit } = subject;
  if ("request" in permit) return permit.request.keyArn;
  return "approve" in permit ? permit.approve.keyArn : permit.revoke.keyArn;
}

function subjectOfPermit(permit: ChangePermitVote["changePermit"]): Changed | undefined {
  if ("request" in permit) return subjectFrom(permit.request.subject);
  return changePermitNameFrom("approve" in permit ? permit.approve : permit.revoke)?.subject;
}

function keyIn(subject: Changed | undefined): KeyArn | undefined {
  return subject?.kind === "key" ? subject.keyArn : undefined;
}

/** One vote, as it was typed. */
export interface VoteCommand {
  readonly subject: Subject;
  readonly reason: string;
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly region: string;
  readonly stsUrl?: string;
}

/** The outcome of a vote: the stack's verdict, no verdict yet, the code of its refusal, or an answer that could not be understood. */
export type VoteOutcome =
  | { readonly kind: "judged"; readonly accepted: boolean; readonly message: string }
  | { readonly kind: "waiting"; readonly receipt: string }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "no-answer"; readonly why: string };

export interface Post {
  readonly credentials: Credentials;
  /** ms since the epoch. */
  readonly now: number;
  readonly fetch: typeof fetch;
  /** Waits for so many ms. */
  readonly pause: (ms: number) => Promise<unknown>;
}

/** In the middle of what the stack accepts, so that the clocks may differ either way. */
const validityMs = 150_000;
const timeoutMs = 15_000;

/** How far (ms) this machine's clock may be from the stack's; what is signed is good for longer. */
const skewMs = minuteMs;
/** How far (ms) from this machine's clock a signature may be dated: nobody who answers in the stack's place gets one for another day. */
const maxSkewMs = 15 * minuteMs;

/**
 * Signs the vote, sends it, and waits for the verdict. Where this machine's clock is wrong by at most 15 minutes, it signs once more by
 * the stack's own, as the AWS SDKs do.
 */
export async function castVote(command: VoteCommand, post: Post): Promise<VoteOutcome> {
  const first = await sendVote(command, post);
  const isLate = first.outcome.kind === "refused" && first.outcome.code === "VOTE_EXPIRED";
  const skew = Math.abs((first.theirs ?? post.now) - post.now);
  const isCorrectable = isLate && first.theirs !== undefined && skew > skewMs && skew <= maxSkewMs;
  const sent = isCorrectable ? await sendVote(command, { ...post, now: first.theirs }) : first;
  if (sent.outcome.kind !== "waiting") return sent.outcome;
  const verdict = await awaitVerdict(sent.outcome.receipt, { ...post, endpoint: command.endpoint });
  return verdict === undefined ? sent.outcome : { kind: "judged", ...verdict };
}

interface Sent {
  readonly outcome: VoteOutcome;
  /** What time it is for the stack (ms), as its answer says. */
  readonly theirs?: number;
}

async function sendVote(command: VoteCommand, { credentials, now, fetch }: Omit<Post, "pause">): Promise<Sent> {
  const { endpoint, region, stsUrl, subject, reason } = command;
  const vote: CastVote = { ...subject, reason, expiresAt: now + validityMs, audience: endpoint };
  const proven = await signVote(vote, { region, credentials, now, ...(stsUrl !== undefined && { stsUrl }) });
  try {
    const answer = await fetch(`${endpoint}/votes`, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/json" },
      body: JSON.stringify(proven),
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const theirs = Date.parse(answer.headers.get("date") ?? "");
    const outcome = outcomeOf(answer.status, await answer.json().catch(() => undefined));
    return { outcome, ...(Number.isFinite(theirs) && { theirs }) };
  } catch (error) {
    return { outcome: { kind: "no-answer", why: whyOf(error) } };
  }
}

const takenSchema = v.object({ receipt: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) });
const refusedSchema = v.object({ code: v.pipe(v.string(), v.regex(/^[A-Z_]{1,60}$/)) });

function outcomeOf(status: number, body: unknown): VoteOutcome {
  if (status === 202 && v.is(takenSchema, body)) return { kind: "waiting", receipt: body.receipt };
  if (status >= 400 && v.is(refusedSchema, body)) return { kind: "refused", code: body.code };
  return { kind: "no-answer", why: `it answered ${status}, and nothing of ours` };
}

/** What fetch hides in the cause: ECONNREFUSED, a certificate, a redirect. */
function whyOf(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return `it said nothing for ${timeoutMs / 1000} s`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
