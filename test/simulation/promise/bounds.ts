import { withinBudget } from "../local.ts";
import type { Promised } from "./promise.ts";

const maxItemBytes = 350 * 1024;

/** Every item stays under 350 KB. */
export const itemsStaySmall: Promised = ({ largestItem: { bytes, id } }) =>
  bytes <= maxItemBytes ? [] : [`SIZE: ${id.slice(0, 20)} grew to ${bytes} bytes`];

/** One run at a time changes a key. A lease means nothing between clocks that differ. */
export const oneRunAtATime: Promised = ({ plan, overlaps }) => {
  if (plan.skewsMs.some((skew) => skew !== 0)) return [];
  return [...new Set(overlaps.map(({ key }) => `OVERLAP: two runs changed key ${key} at the same time`))];
};

/** The control-plane budget is kept. */
export const budgetKept: Promised = ({ calls }) => withinBudget(calls);
