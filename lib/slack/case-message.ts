import type { Block, Button, KnownBlock } from "@slack/types";
import { type CaseName, caseNameText } from "../domain/ledger/case-name.ts";
import type { Directory } from "../domain/people/directory.ts";
import type { Notice, QuestionNotice } from "../notices/case-notice.ts";
import type { ActionId } from "./controls.ts";
import { code, escaped, slackTime } from "./mrkdwn.ts";

/** A message as `chat.postMessage` and `chat.update` take it. */
export interface SlackMessage {
  /** What a notification shows. */
  readonly text: string;
  readonly blocks: readonly (KnownBlock | Block)[];
}

const marks: Readonly<Record<Notice["tone"], string>> = { alarm: "🔴", asking: "🟠", good: "🟢", neutral: "⚪" };

/** Slack takes 10 fields a section, of 2,000 characters each. */
const fieldsPerSection = 10;

/** The message of a case: everything needed to decide, and the buttons for what can be done now. */
export function caseMessage(name: CaseName, notice: Notice, directory: Directory): SlackMessage {
  const title = `${marks[notice.tone]} ${notice.headline}`;
  const fields = notice.facts.map(([label, value]) => ({
    type: "mrkdwn" as const,
    text: `*${label}*\n${code(value)}`,
  }));
  const sections = Array.from({ length: Math.ceil(fields.length / fieldsPerSection) }, (_, n) =>
    fields.slice(n * fieldsPerSection, (n + 1) * fieldsPerSection),
  );
  const actions = notice.actions.filter((action) => action !== "approve" || canApproveHere(notice.question?.proof));
  const [[, key] = ["", ""]] = notice.facts;
  return {
    text: escaped(`${title} (${key})`),
    blocks: [
      { type: "header", text: { type: "plain_text", text: title, emoji: true } },
      ...sections.map((part) => ({ type: "section" as const, fields: part })),
      ...(notice.question ? questionBlocks(notice.question, name, directory) : []),
      ...notice.hints.map((hint) => ({
        type: "context" as const,
        elements: [{ type: "mrkdwn" as const, text: hint }],
      })),
      ...(actions.length > 0
        ? [{ type: "actions" as const, elements: actions.map((action) => button(action, name)) }]
        : []),
    ],
  };
}

/** A button that cannot count is not offered; keeping the key counts by any way. */
function canApproveHere(proof: QuestionNotice["proof"]): boolean {
  return proof === undefined || proof.includes("slack");
}

/** Persons named in one text of 3,000 characters. */
const maxNamed = 50;

function questionBlocks(
  { approvedBy, eligible, quorum, deadline, proof }: QuestionNotice,
  name: CaseName,
  directory: Directory,
): KnownBlock[] {
  const slackIds = new Map([...directory.personBySlack].map(([id, person]) => [person, id]));
  const mention = (person: string) => {
    const id = slackIds.get(person);
    return id === undefined ? escaped(person) : `<@${id}>`;
  };
  const everybody = (persons: readonly string[]) =>
    `${persons.slice(0, maxNamed).map(mention).join(", ")}${persons.length > maxNamed ? ", ..." : ""}`;
  const approved = `*${approvedBy.length} of ${quorum}* needed to approve${approvedBy.length > 0 ? `: ${everybody(approvedBy)}` : ""}`;
  if (deadline === undefined) return [section(approved)];
  const voters = eligible.length > 0 ? everybody(eligible) : "nobody: the quorum cannot be reached";
  const command = `reprieve approve '${caseNameText(name)}' --reason TEXT`;
  const how = canApproveHere(proof) ? "" : `\nThis rule counts only approvals proven by AWS: ${code(command)}`;
  return [
    section(
      `${approved}${how}\nMay approve: ${voters}\nUntil ${slackTime(deadline)}. Any one person can keep the key. If the quorum is not reached in time, it is kept.`,
    ),
  ];
}

function section(text: string): KnownBlock {
  return { type: "section", text: { type: "mrkdwn", text } };
}

const labels: Readonly<Record<ActionId, string>> = {
  keep: "Keep key",
  approve: "Approve deletion",
  "start-usage": "Start key usage",
};

function button(action: ActionId, name: CaseName): Button {
  return {
    type: "button",
    action_id: action,
    value: caseNameText(name),
    text: { type: "plain_text", text: labels[action] },
    ...(action === "approve" && { style: "danger" as const }),
    ...(action !== "approve" && { style: "primary" as const }),
  };
}
