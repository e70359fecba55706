import { withinBudget } from "../local.ts";
import type { Promised } from "./promise.ts";

const maxItemBytes = 350 * 1024;

/** Every item stays under 350 KB. */
export const itemsStaySmall: Promised = ({ largestItem: { bytes, id } }) =>
  bytes <= maxItemBytes ? [] : [`SIZE: ${id.slice(0, 20)} grew to ${bytes} bytes`];

/** A lease of 40 s outlasts a run of 30 s at most for all whose clocks differ by less (ms). */
const maxSkewMs = 9_000;
/** So long (ms) after the store takes writes again, a run that could lease nothing may still be at work. */
const runMs = 30_000;

/** One run at a time changes a key. A lease means nothing between clocks that differ by more than it outlasts a run. */
export const oneRunAtATime: Promised = ({ plan, overlaps, beginning }) => {
  if (Math.max(...plan.skewsMs) - Math.min(...plan.skewsMs) > maxSkewMs) return [];
  // Nothing can be leased in a store that takes no writes: each run restores then, which is the same restore.
  const unleased = plan.faults.filter(({ port, calls }) => port === "store" && calls !== "read");
  const isUnleased = (at: number) =>
    unleased.some(
      ({ from, forMs }) => at >= beginning + from && (forMs === null || at <= beginning + from + forMs + runMs),
    );
  // The hourly probes restore a key that does not exist, each with its own role.
  const ofKeys = overlaps.filter(({ key, at }) => key >= 0 && !isUnleased(at));
  return [...new Set(ofKeys.map(({ key }) => `OVERLAP: two runs changed key ${key} at the same time`))];
};

/** The control-plane budget is kept. */
export const budgetKept: Promised = ({ calls }) => withinBudget(calls);
