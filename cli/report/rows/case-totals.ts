import type { CaseEnd } from "../../../lib/domain/case/case.ts";

/** How a case stands at the end of the time of a report. `recorded-after`: no entry of it was made before that. */
export const caseEnds = [
  ...(["key-usable", "key-left-disabled", "restored-by-others", "deletion-superseded", "key-destroyed"] as const),
  ...(["open", "recorded-after"] as const),
] as const satisfies readonly (CaseEnd | "open" | "recorded-after")[];
export type PeriodEnd = (typeof caseEnds)[number];

/**
 * Why a case is in a report. `requested`: its deletion was requested in the time. The others were requested before it: `carried-over` was open
 * when it began; `recorded-late` has its first entry in it; `reopened` had ended and went on.
 */
export const caseParts = ["requested", "carried-over", "recorded-late", "reopened"] as const;
export type CasePart = (typeof caseParts)[number];

/** How many deletions there were, and how they stand; every deletion counts as one end. */
export type CaseTotals = Readonly<Record<"deletions" | PeriodEnd, number>>;

interface Counted {
  readonly end: PeriodEnd;
  readonly part: CasePart;
}

/** Returns the totals of the cases of one part of a report. */
export function caseTotals(rows: readonly Counted[], part: CasePart = "requested"): CaseTotals {
  const own = rows.filter((row) => row.part === part);
  return totalsOf((end) => own.filter((row) => row.end === end).length);
}

/** Returns the totals of the cases that were requested before the time of a report. */
export function beforeTotals(rows: readonly Counted[]): CaseTotals {
  return sumOf(caseParts.filter((part) => part !== "requested").map((part) => caseTotals(rows, part)));
}

/** Returns the sum of several totals. */
export function sumOf(totals: readonly CaseTotals[]): CaseTotals {
  return totalsOf((end) => totals.reduce((sum, each) => sum + each[end], 0));
}

function totalsOf(count: (end: PeriodEnd) => number): CaseTotals {
  const ends = caseEnds.map((end) => [end, count(end)] as const);
  const deletions = ends.reduce((sum, [, each]) => sum + each, 0);
  return { deletions, ...(Object.fromEntries(ends) as Record<PeriodEnd, number>) };
}
