import type { Notice } from "../notices/case-notice.ts";
import type { ChangeActionId } from "./change-controls.ts";
import type { ActionId } from "./controls.ts";

/** The words of Slack's surface that no other surface shares. What a case means is in `lib/notices`. */
export const buttonTexts: Readonly<Record<ActionId, string>> = {
  keep: "Keep key",
  approve: "Approve deletion…",
  "start-usage": "Start key usage",
};

/** A mark repeats the state that the headline states in words. */
export const marks: Readonly<Record<Notice["tone"], string>> = { alarm: "🔴", asking: "🟠", good: "🟢", neutral: "⚪" };

export const questionTexts = {
  approved: "Approved",
  mayApprove: "May approve",
  unreachable: "nobody: the quorum cannot be reached",
  provenByAws: "This rule counts only approvals proven by AWS:",
} as const;

export const dialogTexts = {
  title: "Approve the deletion",
  submit: "Approve",
  cancel: "Cancel",
  close: "Close",
  notCounted: "Not counted",
  reason: "Reason or ticket",
  reasonExample: "CHG-1234: product retired, no cards left",
  unconfirmed: "Not confirmed",
  /** What went wrong may be the answer alone: the request may be judged all the same. */
  unsent:
    "It is not known whether this was recorded. Look at the messages of the case; if it is not there, try again: it counts once. If it keeps failing, contact the team that runs reprieve.",
} as const;

/** Of the buttons about changes other than deletions. */
export const changeButtonTexts: Readonly<Record<ChangeActionId, string>> = {
  "approve-change": "Approve change…",
  "refuse-change": "Refuse",
  "start-key": "Start key usage…",
};

export const changeDialogTexts = {
  "approve-change": {
    title: "Approve this change",
    submit: "Approve",
    text: "Your approval counts as one. Once enough people have approved, the requester may make exactly this change *once*; until then everything stays as it is. One person can refuse.",
    example: "CHG-1234: rotation of the PIN key",
  },
  "start-key": {
    title: "Start key usage",
    submit: "Start key usage",
    text: "*Caution:* a stop may answer a compromise. Ask the responders first. The key is started only if it is still as this stop left it.",
    example: "INC-1234: stopped by mistake, responders agree",
  },
} as const;

export const timeIsShort = "The time to decide is nearly over, and nobody has decided.";

/** Returns the headline of a summary of `count` cases. */
export function summaryTitle(count: number): string {
  return `${count} more payment ${count === 1 ? "key" : "keys"} scheduled for deletion within minutes`;
}
