import type { Case } from "../domain/case/case.ts";
import type { Sentence } from "./prose.ts";
import type { SummaryFacts } from "./summary-facts.ts";
import { durationText } from "./words.ts";

/** Returns the text while people decide. */
export function askingSummary({ state, requester, quorum, group }: SummaryFacts): readonly Sentence[] {
  const { question, decision, deletePendingAt, settled } = state;
  const wants: Sentence = [{ name: requester }, " wants to delete this key."];
  const pendingMeanwhile = decision?.effect.outcome === "ask" && decision.effect.approval.meanwhile === "pending";
  const until: Sentence = question === undefined ? [] : [" by ", { time: question.deadline }];
  if (settled === "key-usable")
    return [
      [...wants, " It has been restored and ", { strong: "works while you decide." }],
      [`${quorum} `, { name: group }, " must approve", ...until, "."],
      [{ strong: "If nobody answers, the key stays." }],
    ];
  const fate: Sentence = pendingMeanwhile
    ? [
        " It is ",
        { strong: "not usable while you decide" },
        ...(deletePendingAt === undefined ? [] : ["; if approved, AWS destroys it after ", { time: deletePendingAt }]),
        ".",
      ]
    : [" It is ", { strong: "not usable yet" }, "; the guard is restoring it."];
  return [
    [...wants, ...fate],
    [`${quorum} `, { name: group }, " must approve", ...until, "."],
    [{ strong: "If nobody answers, the key is kept." }],
  ];
}

/** Returns what an approval does. */
export function consequenceOf({ decision }: Case): string {
  const approval = decision?.effect.outcome === "ask" ? decision.effect.approval : undefined;
  return approval?.meanwhile === "pending"
    ? "One person can keep it. Approval lets AWS destroy it."
    : `One person can keep it. Approving permits one new deletion within ${durationText(approval?.permitForMs ?? 0)}.`;
}

/** Returns the text once the deletion of a key that works is approved. */
export function approvedSummary({ permit, canKeep }: SummaryFacts): readonly Sentence[] {
  if (permit === undefined)
    return [
      ["The key works. Its deletion was approved, and no permit is issued."],
      ["The key stays until its deletion is requested again. ", { strong: "Nothing to do." }],
    ];
  const { person, principal, until } = permit.permit;
  return [
    [
      "The key works. Its deletion was approved: ",
      { name: person ?? principal },
      " may delete it once, until ",
      { time: until },
      ".",
    ],
    canKeep ? ["Wrong key? One person can keep it: that revokes the permit."] : [{ strong: "Nothing to do." }],
  ];
}

/** Returns the text once a key that works is kept, by a person or because nobody approved in time. */
export function keptSummary({ state, requester }: SummaryFacts): readonly Sentence[] {
  const { question, keep } = state;
  const why: Sentence =
    question?.state === "expired"
      ? ["The quorum was not reached in time, so the key stays."]
      : [{ name: keep?.by ?? "a person" }, " keeps the key."];
  return [[{ name: requester }, " wanted to delete this key. ", ...why, " It works."], [{ strong: "Nothing to do." }]];
}
