import type { Decided } from "../../domain/ledger/entry.ts";
import type { decisionKinds } from "../../domain/ledger/entry-kinds/decision.ts";
import { heldBackText } from "../held-back-text.ts";
import { notTold, type Sentences } from "./row.ts";

export const decisionSentences: Sentences<keyof typeof decisionKinds> = {
  decided: {
    notice: notTold,
    record: (entry, { bold, cyan }) =>
      `decided: ${bold(entry.effect.outcome)} by rule ${cyan(entry.rule)}${observed(entry)}${heldBack(entry)}`,
  },
  "deletion-allowed": {
    notice: ({ by }) => `The deletion is allowed by the ${by}.`,
    record: ({ by }, { yellow }) => yellow(`deletion allowed by ${by}`),
  },
};

function heldBack({ heldBack }: Decided): string {
  return heldBack === undefined ? "" : `; ${heldBackText(heldBack)}`;
}

function observed({ mode, pause }: Decided): string {
  if (mode === "enforce") return "";
  return pause === undefined ? " (observe only)" : " (the guard is paused)";
}
