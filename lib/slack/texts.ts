import type { Notice } from "../notices/case-notice.ts";
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
  title: "Allow one deletion",
  submit: "Allow one deletion",
  cancel: "Cancel",
  close: "Close",
  notCounted: "Not counted",
  reason: "Reason or ticket",
  reasonExample: "CHG-1234: product retired, no cards left",
  unsent: "Nothing was recorded. Try again; if it keeps failing, contact the team that runs reprieve.",
} as const;

export const timeIsShort = "The time to decide is nearly over, and nobody has decided.";

/** Returns the headline of a summary of `count` cases. */
export function summaryTitle(count: number): string {
  return `${count} more payment ${count === 1 ? "key" : "keys"} scheduled for deletion within minutes`;
}
