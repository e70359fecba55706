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
      {
        type: "header",
        block_id: caseNameText(name),
        text: { type: "plain_text", text: headerText(title), emoji: false },
      },
      section(summary.map(sentenceMrkdwn).join(" ")),
      section(factsOf(notice, directory).join("  ·  ")),
      ...(offered.length > 0
        ? [{ type: "actions" as const, elements: offered.map((action) => button(action, name)) }]
        : []),
      ...detailsOf(name, notice, offered.length > 0).map((text) => ({
        type: "context" as const,
        elements: [{ type: "mrkdwn" as const, text }],
      })),
    ],
  };
}

/** Characters of one fact, and what its escapes may make of it: they share one text of 3,000. */
const maxFact = 100;
const maxFactEscaped = 300;

/** Three at most: of a question, who has approved, who may, and the key. In one text, since fields stand one below the other on a phone. */
function factsOf({ facts, question }: Notice, directory: Directory): readonly string[] {
  const texts = facts.map(([label, value]) => `*${label}* ${code(value, maxFact, maxFactEscaped)}`);
  return question === undefined ? texts : [...questionFacts(question, directory), ...texts.slice(0, 1)];
}

function detailsOf(name: CaseName, { question, notes, traces }: Notice, hasButtons: boolean): readonly string[] {
  const open = question?.deadline !== undefined ? question : undefined;
  const command = `reprieve approve '${caseNameText(name)}' --reason TEXT`;
  return [
    ...(open?.consequence === undefined ? [] : [open.consequence]),
    ...(open && !canApproveHere(open.proof) ? [`${questionTexts.provenByAws} ${code(command)}`] : []),
    ...notes.map((note) => code(note)),
    // While people decide, they need the room for what their answer does.
    ...(open === undefined || !hasButtons ? [code(traces.join(" · "))] : []),
  ];
}

/** A button that cannot count is not offered; keeping the key counts by any way. */
function canApproveHere(proof: QuestionNotice["proof"]): boolean {
  return proof === undefined || proof.includes("slack");
}

/** Persons named in one fact. */
const maxNamed = 20;

function questionFacts({ approvedBy, eligible, quorum, deadline }: QuestionNotice, directory: Directory): string[] {
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
