import type { logKinds } from "../../domain/ledger/entry-kinds/log.ts";
import { printableText } from "../../domain/printable-text.ts";
import { dateAndTime } from "../words.ts";
import { notTold, type Sentences, wordsOf } from "./row.ts";

/** What the log says of itself. Nobody is notified of an entry: alarms report what is wrong with the log. */
export const logSentences: Sentences<keyof typeof logKinds> = {
  "trail-differs": {
    notice: notTold,
    record: ({ subject, loggedEntries, foundEntries, damage }, { red }) =>
      red(
        `the table contradicts the log: ${printableText(subject)} has ${foundEntries} entries, ${loggedEntries} were logged${damage === undefined ? "" : ` (${printableText(wordsOf(damage))})`}`,
      ),
  },
  "object-unreadable": {
    notice: notTold,
    record: ({ number }, { red }) => red(`object ${number} is not an object of the log`),
  },
  "object-out-of-order": {
    notice: notTold,
    record: ({ number }, { red }) => red(`object ${number} lies beyond the end of the log`),
  },
  "clock-went-back": {
    notice: notTold,
    record: ({ from }, { red }) =>
      red(`the clock went back: the closing before this one is dated ${dateAndTime(from)}`),
  },
  closing: {
    notice: notTold,
    record: ({ scope, chains, entries }, { dim }) =>
      dim(`${scope === "all" ? "whole table" : "open cases"} logged: ${chains} chains with ${entries} entries`),
  },
};
