import { withinBudget } from "../local.ts";
import type { Promised } from "./promise.ts";

const maxItemBytes = 350 * 1024;

/** Every item stays under 350 KB. */
export const itemsStaySmall: Promised = ({ largestItem: { bytes, id } }) =>
  bytes <= maxItemBytes ? [] : [`SIZE: ${id.slice(0, 20)} grew to ${bytes} bytes`];

/** The control-plane budget is kept. */
export const budgetKept: Promised = ({ calls }) => withinBudget(calls);
