import type { Block, Button, KnownBlock } from "@slack/types";
import { type CaseName, caseNameText } from "../domain/ledger/case-name.ts";
import type { Directory } from "../domain/people/directory.ts";
import type { Notice, QuestionNotice } from "../notices/case-notice.ts";
import { plainSentence } from "../notices/prose.ts";
import type { ActionId } from "./controls.ts";
import { code, escaped, headerText } from "./mrkdwn.ts";
import { sentenceMrkdwn } from "./sentence-mrkdwn.ts";
import { buttonTexts, marks, questionTexts } from "./texts.ts";

/** A message as `chat.postMessage` and `chat.update` take it. */
export interface SlackMessage {
  /** What a notification shows. */
  readonly text: string;
  readonly blocks: readonly (KnownBlock | Block)[];
}

/** Returns the message of a case: state and name, one paragraph, four facts, the buttons for what can be done now, and a line of details. */
export function caseMessage(name: CaseName, notice: Notice, directory: Directory): SlackMessage {
  const { headline, summary, question, actions, tone } = notice;
  const title = `${marks[tone]} ${headline}`;
  const offered = actions.filter((action) => action !== "approve" || canApproveHere(question?.proof));
  const [first = []] = summary;
  return {
    text: escaped(`${title}. ${plainSentence(first)}`),
    blocks: [
      // The whole name of the case, for programs that read the channel: people read the short one below.
      { type: "header", block_id: caseNameText(name), text: { type: "plain_text", text: headerText(title), emoji: false } },
      section(summary.map(sentenceMrkdwn).join(" ")),
      { type: "section", fields: fieldsOf(notice, directory).map((text) => ({ type: "mrkdwn", text })) },
      ...(offered.length > 0
        ? [{ type: "actions" as const, elements: offered.map((action) => button(action, name)) }]
        : []),
      ...detailsOf(name, notice).map((text) => ({
        type: "context" as const,
        elements: [{ type: "mrkdwn" as const, text }],
      })),
    ],
  };
}

/** Four at most: of a question, first who has approved and who may. */
function fieldsOf({ facts, question }: Notice, directory: Directory): readonly string[] {
  const lines = facts.map(([label, value]) => `*${label}* ${code(value)}`);
  if (question === undefined) return lines;
  const asked = questionFields(question, directory);
  // Who deleted the key is in the paragraph above.
  return [...asked, ...lines.slice(1)].slice(0, 4);
}

function detailsOf(name: CaseName, { question, notes, traces }: Notice): readonly string[] {
  const open = question?.deadline !== undefined ? question : undefined;
  const command = `reprieve approve '${caseNameText(name)}' --reason TEXT`;
  return [
    ...(open?.consequence === undefined ? [] : [open.consequence]),
    ...(open && !canApproveHere(open.proof) ? [`${questionTexts.provenByAws} ${code(command)}`] : []),
    ...notes.map((note) => code(note)),
    code(traces.join(" · ")),
  ];
}

/** A button that cannot count is not offered; keeping the key counts by any way. */
function canApproveHere(proof: QuestionNotice["proof"]): boolean {
  return proof === undefined || proof.includes("slack");
}

/** Persons named in one text of 2,000 characters. */
const maxNamed = 50;

function questionFields({ approvedBy, eligible, quorum, deadline }: QuestionNotice, directory: Directory): string[] {
  const slackIds = new Map([...directory.personBySlack].map(([id, person]) => [person, id]));
  const mention = (person: string) => {
    const id = slackIds.get(person);
    return id === undefined ? escaped(person) : `<@${id}>`;
  };
  const people = (persons: readonly string[]) =>
    `${persons.slice(0, maxNamed).map(mention).join(", ")}${persons.length > maxNamed ? ", ..." : ""}`;
  const { approved, mayApprove, unreachable } = questionTexts;
  const count = `*${approved}* ${approvedBy.length} of ${quorum}${approvedBy.length > 0 ? `: ${people(approvedBy)}` : ""}`;
  if (deadline === undefined) return [count];
  return [count, `*${mayApprove}* ${eligible.length > 0 ? people(eligible) : unreachable}`];
}

function section(text: string): KnownBlock {
  return { type: "section", text: { type: "mrkdwn", text } };
}

function button(action: ActionId, name: CaseName): Button {
  return {
    type: "button",
    action_id: action,
    value: caseNameText(name),
    text: { type: "plain_text", text: buttonTexts[action] },
    ...(action === "approve" && { style: "danger" as const }),
    ...(action !== "approve" && { style: "primary" as const }),
  };
}
