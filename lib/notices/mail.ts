import { mailedPercent } from "../domain/case/question.ts";
import { type CaseName, caseNameText } from "../domain/ledger/case-name.ts";
import type { Entry, EntryKind } from "../domain/ledger/entry.ts";
import { voteWays } from "../domain/people/vote.ts";
import { printableText } from "../domain/printable-text.ts";
import type { Notice, QuestionNotice } from "./case-notice.ts";
import { noticeSentence } from "./entry-sentence.ts";
import { timeText } from "./words.ts";

/** What is worth a mail: how it ended, what is asked, and what goes wrong; not every step on the way. */
const worthMail: readonly EntryKind[] = [
  "restored-by-others",
  "key-usable",
  "key-left-disabled",
  "key-state-unknown",
  "event-missed",
  "requester-unconfirmed",
  "approval-requested",
  "approval-granted",
  "approval-refused",
  "approval-expired",
  "permit-issued",
  "permit-used",
  "permit-revoked",
  "deletion-allowed",
  "key-destroyed",
  "effect-failed",
  "deny-removal-intended",
  "deny-removed",
  "lock-out-left",
];

export function isMailed(entry: Entry): boolean {
  return worthMail.includes(entry.kind) || (entry.kind === "approval-reminded" && entry.percent >= mailedPercent);
}

/** The notice as text, with what is new of it. SNS takes subjects of 100 ASCII characters. */
export function mailText(
  name: CaseName,
  notice: Notice,
  newEntries: readonly Entry[],
): { subject: string; text: string } {
  const { headline, facts, question, hints, actions } = notice;
  const votes = question && `Approved by ${question.approvedBy.join(", ") || "nobody yet"}; ${question.quorum} needed.`;
  const open = question?.deadline !== undefined && [
    `May approve: ${question.eligible.join(", ")}. Until ${timeText(question.deadline)}; silence keeps the key.`,
    howToVote(name, question),
  ];
  const lines = [
    headline,
    "",
    ...newEntries.flatMap((entry) => noticeSentence(entry) ?? []),
    "",
    ...facts.map(([label, value]) => `${label}: ${value}`),
    ...(votes ? ["", votes] : []),
    ...(open && actions.includes("approve") ? open : []),
    ...hints,
  ];
  const subject = printableText(`reprieve: ${headline}`, 99).replace(/[^\x20-\x7e]/g, "?");
  return { subject, text: lines.map(mailLine).join("\n") };
}

function howToVote(name: CaseName, { proof }: QuestionNotice): string {
  const [slack, aws] = voteWays.map((way) => proof === undefined || proof.includes(way));
  const keep = `reprieve keep '${caseNameText(name)}' --reason TEXT`;
  if (!aws) return `Only approvals in Slack count. To keep the key without Slack: ${keep}`;
  const approve = `reprieve approve '${caseNameText(name)}' --reason TEXT, or reprieve keep with the same.`;
  return slack ? `Without Slack: ${approve}` : `Only approvals proven by AWS count: ${approve}`;
}

/** Text from events as a line of a mail. An attack: a session name or a user agent that a mail program makes a link of. */
export function mailLine(line: string): string {
  return printableText(line, 1000)
    .replaceAll("://", ":\u2044\u2044")
    .replace(/\bwww\./gi, (www) => `${www.slice(0, -1)}\u2024`);
}
