import type { VoteCast } from "../../domain/ledger/entry.ts";
import type { questionKinds } from "../../domain/ledger/entry-kinds/question.ts";
import { voterName } from "../../domain/people/vote.ts";
import { printableText } from "../../domain/printable-text.ts";
import { voterText } from "../words.ts";
import { type Paint, type Sentences, wordsOf } from "./row.ts";

export const questionSentences: Sentences<keyof typeof questionKinds> = {
  "approval-requested": {
    notice: ({ quorum, from }) => `Approval requested: ${quorum} of ${from} must approve; one person can keep the key.`,
    record: ({ quorum, from }, { bold }) =>
      `approval requested: ${bold(`${quorum} of ${printableText(from)}`)} must approve, one person can keep the key`,
  },
  "approval-reminded": {
    notice: ({ percent }) => `${percent} % of the time to decide is over.`,
    record: ({ percent }) => `${percent} % of the time to decide is over: reminded`,
  },
  "vote-cast": { notice: voteNotice, record: voteRecord },
  "approval-granted": {
    notice: ({ by }) => `Approved by ${by.join(" and ")}.`,
    record: ({ by }, { yellow }) => yellow(`approved by ${by.map((person) => printableText(person)).join(" and ")}`),
  },
  "approval-refused": {
    notice: ({ by, afterApproval }) =>
      `${by} keeps the key${afterApproval ? ", although its deletion was approved" : ""}.`,
    record: ({ by, afterApproval }, { green }) =>
      green(`${printableText(by)} keeps the key${afterApproval ? ", after it was approved" : ""}`),
  },
  "approval-expired": {
    notice: () => "The quorum was not reached in time, so the key stays.",
    record: () => "the quorum was not reached in time: the key stays",
  },
};

const choiceTexts: Readonly<Record<VoteCast["vote"]["choice"], string>> = {
  approve: "approves the deletion",
  keep: "wants to keep the key",
};

/** A vote that does not count is reported to its voter alone. */
function voteNotice({ vote, person, refused }: VoteCast): string | undefined {
  if (refused !== undefined) return undefined;
  const reason = vote.reason === undefined || vote.reason === "" ? "" : `: ${vote.reason}`;
  return `${person ?? voterText(vote.voter)} ${choiceTexts[vote.choice]}${reason}.`;
}

function voteRecord({ vote, person, refused, unverified }: VoteCast, { dim }: Paint): string {
  const doubt = unverified === undefined ? "" : ` (proof not verified again: ${wordsOf(unverified)})`;
  const cast = `${printableText(person ?? voterName(vote.voter), 60)} ${choiceTexts[vote.choice]}${doubt}`;
  if (refused !== undefined) return dim(`${cast}, which does not count (${wordsOf(refused)})`);
  return vote.reason === undefined ? cast : `${cast}: ${printableText(vote.reason, 80)}`;
}
