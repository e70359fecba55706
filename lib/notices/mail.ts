import { mailedPercent } from "../domain/case/question.ts";
import { type CaseName, caseNameText } from "../domain/ledger/case-name.ts";
import type { Entry, EntryKind } from "../domain/ledger/entry.ts";
import { voteWays } from "../domain/people/vote.ts";
import { printableText } from "../domain/printable-text.ts";
import type { Notice, QuestionNotice } from "./case-notice.ts";
import { noticeSentence } from "./entry-sentence.ts";
import { mailTexts } from "./mail-texts.ts";
import { plainSentence } from "./prose.ts";

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

/**
 * Returns the notice as a mail: state and name in the subject, then what to do, and last what happened since the last mail and the details.
 */
export function mailText(
  name: CaseName,
  notice: Notice,
  newEntries: readonly Entry[],
): { subject: string; text: string } {
  const { headline, facts, more, notes } = notice;
  const happened = newEntries.flatMap((entry) => noticeSentence(entry) ?? []);
  const lines = [
    headline,
    "",
    ...notice.summary.map(plainSentence),
    ...(notice.command === undefined ? [] : [notice.command]),
    ...questionLines(name, notice),
    ...(happened.length > 0 ? ["", mailTexts.happened, ...happened] : []),
    "",
    ...facts.map(factLine),
    ...notes,
    "",
    mailTexts.investigate,
    ...more.map(factLine),
  ];
  return { subject: mailSubject(headline), text: lines.map(mailLine).join("\n") };
}

/** Returns `headline` as the subject of a mail, in at most 100 ASCII characters: SNS takes no others. */
export function mailSubject(headline: string): string {
  const subject = printableText(`${mailTexts.subject}${headline}`, 99).replace(/[^\x20-\x7e]/g, "?");
  return subject.slice(0, 100);
}

function factLine([label, value]: readonly [string, string]): string {
  return `${label}: ${value}`;
}

function questionLines(name: CaseName, { question, actions }: Notice): readonly string[] {
  const toKeep = actions.includes("keep") ? [`${mailTexts.keep} ${keepCommand(name)}`] : [];
  if (question === undefined) return toKeep.length > 0 ? ["", ...toKeep] : [];
  const { approvedBy, quorum, eligible, deadline, consequence } = question;
  const votes = `${mailTexts.approvedBy} ${approvedBy.join(", ") || mailTexts.nobodyYet}: ${approvedBy.length} of ${quorum}.`;
  if (deadline === undefined || !actions.includes("approve")) return ["", votes, ...toKeep];
  const may = `${mailTexts.mayApprove}: ${eligible.join(", ") || mailTexts.nobody}.`;
  return ["", votes, may, ...(consequence === undefined ? [] : [consequence]), howToVote(name, question)];
}

function howToVote(name: CaseName, { proof }: QuestionNotice): string {
  const [slack, aws] = voteWays.map((way) => proof === undefined || proof.includes(way));
  if (!aws) return `${mailTexts.slackOnly} ${keepCommand(name)}`;
  const approve = `reprieve approve '${caseNameText(name)}' --reason TEXT, or reprieve keep with the same.`;
  return `${slack ? mailTexts.withoutSlack : mailTexts.awsOnly} ${approve}`;
}

function keepCommand(name: CaseName): string {
  return `reprieve keep '${caseNameText(name)}' --reason TEXT`;
}

/** Returns text from events as a line of a mail. An attack: a session name or a user agent that a mail program makes a link of. */
export function mailLine(line: string): string {
  return printableText(line, 1000)
    .replaceAll("://", ":\u2044\u2044")
    .replace(/\bwww\./gi, (www) => `${www.slice(0, -1)}\u2024`);
}
