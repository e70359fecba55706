import type { WhyLeftDisabled } from "../../domain/ledger/entry.ts";
import type { restoreKinds } from "../../domain/ledger/entry-kinds/restore.ts";
import { printableText } from "../../domain/printable-text.ts";
import { byHand } from "../aws-command.ts";
import { durationText } from "../words.ts";
import { notTold, type Sentences, wordsOf } from "./row.ts";

export const restoreSentences: Sentences<keyof typeof restoreKinds> = {
  "restore-intended": {
    notice: notTold,
    record: ({ late }) => (late ? "restore intended, late" : "restore intended"),
  },
  "key-restored": {
    notice: ({ how }) => (how === "answered" ? undefined : "The key was found restored."),
    record: ({ enabled, how }) =>
      `key restored, ${enabled ? "enabled" : "still disabled"}${how === "answered" ? "" : ` (${how})`}`,
  },
  "usage-start-requested": {
    notice: ({ person, reason }) => `${person} wants key usage started${reason === undefined ? "" : `: ${reason}`}.`,
    record: ({ person, reason }) =>
      `${printableText(person)} wants key usage started${reason === undefined ? "" : `: ${printableText(reason, 80)}`}`,
  },
  "usage-start-intended": {
    notice: notTold,
    record: ({ evidence }) => `start of key usage intended: ${wordsOf(evidence)}`,
  },
  "key-usable": {
    notice: ({ timeToUsableMs, despiteRule }) =>
      `The key is usable again${timeToUsableMs === undefined ? "" : `, ${durationText(timeToUsableMs)} after it was deleted`}.${despiteRule ? " Its rule wants it left disabled: check the key now." : ""}`,
    record: ({ timeToUsableMs }, { green }) =>
      green(`key usable again${timeToUsableMs === undefined ? "" : ` after ${(timeToUsableMs / 1000).toFixed(1)} s`}`),
  },
  "key-left-disabled": {
    notice: ({ why, chain }) =>
      `The key is restored and still disabled: ${whyDisabled[why]}.${why === "rule" ? byHand({ chain }, "start-key-usage") : ""}`,
    record: ({ why }, { yellow }) => yellow(`key left disabled: ${whyDisabled[why]}`),
  },
  "effect-failed": {
    notice: ({ effect, code, attempt, chain }) =>
      effect === "restore"
        ? `Restoring the key failed (${code}, attempt ${attempt}); the guard tries again.${byHand({ chain }, "restore-key")}`
        : `Starting key usage failed (${code}, attempt ${attempt}); the guard tries again.${byHand({ chain }, "start-key-usage")}`,
    record: ({ effect, code, attempt }, { red }) =>
      red(`${wordsOf(effect)} failed: ${printableText(code)} (attempt ${attempt})`),
  },
};

const whyDisabled: Readonly<Record<WhyLeftDisabled, string>> = {
  rule: "its rule says so",
  "stopped-before-deletion": "someone stopped its usage before it was deleted, which may be a response to a compromise",
  "disabled-in-inventory":
    "the last inventory saw it disabled before it was deleted, which may be a response to a compromise",
  "usage-changed-since": "its usage was changed since it was deleted",
  "no-evidence-that-it-was-enabled": "nothing proves that it was enabled before",
  "start-failed": "starting its usage failed repeatedly",
};
