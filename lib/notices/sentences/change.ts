import type { changeKinds } from "../../domain/ledger/entry-kinds/change.ts";
import { printableText } from "../../domain/printable-text.ts";
import { actorText } from "../words.ts";
import { notTold, type Sentences, wordsOf } from "./row.ts";

/** What people are notified of a change is in `change-text.ts`: it is no part of any case. */
export const changeSentences: Sentences<keyof typeof changeKinds> = {
  "change-detected": {
    notice: notTold,
    record: ({ requester, says, call, subject }, { yellow }) =>
      yellow(
        `${printableText(actorText(requester))} ${printableText(says, 400)} (${call === undefined ? "seen by the inventory" : printableText(call, 64)}, ${printableText(subject)})`,
      ),
  },
  "change-judged": {
    notice: notTold,
    record: ({ outcome, rule, weight, mode, doubt, permit }, { bold, cyan }) =>
      `judged: ${bold(outcome)} by rule ${cyan(printableText(rule))}, ${weight}${mode === "observe" ? ", observed only" : ""}${doubt === undefined ? "" : `; ${printableText(doubt.rule)} is left open by ${printableText(doubt.condition)}`}${permit === undefined ? "" : `; passes by ${printableText(permit)}`}`,
  },
  "changes-crowded": {
    notice: notTold,
    record: (_, { yellow }) => yellow("more changes follow within the hour, which are not recorded one by one"),
  },
  "revert-intended": {
    notice: notTold,
    record: ({ calls }) => `revert intended by ${printableText(calls.join(", "))}`,
  },
  "change-reverted": {
    notice: notTold,
    record: ({ how, revertedAfterMs }, { green }) =>
      green(`change reverted after ${(revertedAfterMs / 1000).toFixed(1)} s${how === "found" ? " (found so)" : ""}`),
  },
  "change-asked": {
    notice: notTold,
    record: ({ from, quorum }, { bold }) =>
      `people are asked whether it may be made again: ${bold(`${quorum} of ${printableText(from)}`)} must approve`,
  },
  "revert-left": {
    notice: notTold,
    record: ({ why, code, stands }, { red, dim }) =>
      (stands ? red : dim)(`not reverted: ${wordsOf(why)}${code === undefined ? "" : ` (${printableText(code, 64)})`}`),
  },
};
