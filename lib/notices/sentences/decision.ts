import type { Decided } from "../../domain/ledger/entry.ts";
import type { decisionKinds } from "../../domain/ledger/entry-kinds/decision.ts";
import { byHand } from "../aws-command.ts";
import { heldBackText } from "../held-back-text.ts";
import type { Sentences } from "./row.ts";

export const decisionSentences: Sentences<keyof typeof decisionKinds> = {
  decided: {
    notice: ({ mode, chain }) =>
      mode === "observe" ? `The guard does not restore this key.${byHand({ chain }, "restore-key")}` : undefined,
    record: (entry, { bold, cyan }) =>
      `decided: ${bold(entry.effect.outcome)} by rule ${cyan(entry.rule)}${observed(entry)}${heldBack(entry)}`,
  },
  "deletion-allowed": {
    notice: ({ by, chain }) =>
      `The deletion is allowed by ${by === "approval" ? "the approvers" : `a ${by}`}.${byHand({ chain }, "restore-key")}`,
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
