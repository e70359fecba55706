import type { WhyRevertLeft } from "../domain/ledger/entry.ts";

/** Returns why a change was not undone, as a clause. */
export function whyLeftText(why: WhyRevertLeft): string {
  return whyLeft[why];
}

const whyLeft: Readonly<Record<WhyRevertLeft, string>> = {
  observe: "the stack only observes",
  paused: "enforcement is suspended by a pause",
  "before-unknown": "the stack never saw what it was before",
  "before-unusable": "the key at which the alias pointed cannot be used, or is not shown",
  "rule-changed": "another policy was deployed while it was being undone: look whether it is half undone",
  "after-unknown": "the record of the call does not show the result",
  "state-unknown": "the stack may not read the present state, or got no answer",
  "changed-since": "it was changed again since",
  "same-as-before": "it is as it was before already",
  "reverted-within-the-hour": "it was undone within the last hour already, and changed again: people decide now",
  "no-way-back": "no call undoes it",
  "too-old": "it happened more than a day ago",
  denied: "the stack is not permitted to undo it",
  refused: "AWS refused to undo it",
  overtaken: "its record came after that of a later change, which the stack had undone to the state before both",
  "came-back": "it was changed again as soon as it was undone",
};
