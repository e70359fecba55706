import { durationText } from "../../../lib/notices/words.ts";
import type { CaseRow } from "../rows/case-row.ts";
import { usableTimes } from "../rows/usable-times.ts";
import { el } from "./element.ts";
import type { VNode } from "./renderer.mjs";
import { facts, section } from "./table.ts";

/** Returns the section on how fast keys were usable again, against the target (ms). */
export function usableSection(rows: readonly CaseRow[], targetMs: number): VNode {
  const { keys, within, later, medianMs, p95Ms, longestMs } = usableTimes(rows, targetMs);
  const text = (ms: number | undefined) => (ms === undefined ? "none" : durationText(ms));
  return section(
    "Time to usable, against the target",
    el(
      "p",
      undefined,
      `From the call to the moment in which the key was usable again. The target is ${targetMs / 1000} s.`,
    ),
    facts([
      ["Keys that were usable again", String(keys)],
      ["Within the target", String(within)],
      ["Later than the target", String(later)],
      ["Median", text(medianMs)],
      ["95 of 100 within", text(p95Ms)],
      ["Longest", text(longestMs)],
    ]),
  );
}
