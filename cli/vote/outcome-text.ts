import { caseNameText } from "../../lib/domain/ledger/case-name.ts";
import { printableText, quoted } from "../../lib/domain/printable-text.ts";
import type { VoteCommand, VoteOutcome } from "./cast-vote.ts";

/** What to do about a refusal, by its code. */
const advice: Readonly<Partial<Record<string, string>>> = {
  VOTE_MALFORMED: "the stack does not understand this vote: update reprieve to the version of the stack",
  VOTE_EXPIRED: "the vote came too late, or too early: set this machine's clock, and vote again",
  CALLER_UNPROVEN:
    "AWS does not confirm who you are to this stack: sign in again (`aws sso login`), see that the endpoint and the region are the stack's, and vote again",
  CALLER_UNKNOWN:
    "you are not in the policy's directory of people: sign in as someone who is, or ask the policy's owners to add you",
  CALLER_EXPIRED:
    "your AWS credentials have expired, or are not valid any more: sign in again (`aws sso login`), and vote again",
  CASE_UNKNOWN: "the stack knows no such case: see that the case, with its number, is the one of the notice",
  STS_UNAVAILABLE: "AWS could not be asked who you are: vote again in a minute",
};

const otherwise =
  "the stack could not record it: vote again in a minute; if it goes on, tell the team that runs reprieve";

/** Returns the outcome of the vote and what to do next, safe for a terminal. */
export function outcomeText(outcome: VoteOutcome, command: VoteCommand): string {
  switch (outcome.kind) {
    case "judged":
      return printableText(outcome.message, 1000);
    case "refused":
      return `not recorded (${outcome.code}): ${advice[outcome.code] ?? otherwise}`;
    case "waiting":
      return `the stack has taken the request and not judged it within a minute (receipt ${outcome.receipt}): it may still count. Look at the case, the permits or the notices in some minutes; if nothing happened, send it again, and tell the team that runs reprieve`;
    case "no-answer":
      return `no answer from ${quoted(command.endpoint)} (${printableText(outcome.why)}): the vote may or may not have been recorded; check --endpoint and vote again (a second vote does not count twice)`;
  }
}

/** The same for a program. */
export function outcomeJson(outcome: VoteOutcome, { subject }: VoteCommand): object {
  const { kind, ...details } = outcome;
  return { accepted: false, ...details, outcome: kind, ...about(subject) };
}

function about(subject: VoteCommand["subject"]): object {
  if ("case" in subject) return { case: caseNameText(subject.case), choice: subject.choice };
  return "changePermit" in subject ? { permit: subject.changePermit } : subject;
}
