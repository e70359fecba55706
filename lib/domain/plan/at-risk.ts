import type { Case } from "../case/case.ts";
import { attentionFor, type Moment } from "./attention.ts";

/**
 * Returns whether a key in `DELETE_PENDING` is neither let go by the policy or by people, nor waiting for an answer that people still have time to
 * give: it ought to live, and does not. `newest` is its newest case.
 */
export function isPendingAtRisk(newest: Case | undefined, moment: Moment): boolean {
  const view = { listed: true, dueAt: Number.POSITIVE_INFINITY, unpublished: false, kept: false };
  return attentionFor({ ...view, ...(newest !== undefined && { newest }) }, moment) === "due";
}

/** Returns whether a key was restored, and its usage has neither been started nor deliberately been left alone. */
export function isNotUsableYet({ restore, settled, end }: Case): boolean {
  return restore === "restored" && settled === undefined && end === undefined;
}
