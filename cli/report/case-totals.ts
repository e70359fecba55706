import type { CaseRow } from "./case-row.ts";

/** How many deletions there were, and how they ended; every deletion counts as one end. */
export interface CaseTotals {
  readonly deletions: number;
  readonly usable: number;
  readonly leftDisabled: number;
  readonly destroyed: number;
  /** Restored by others, or superseded by another deletion. */
  readonly otherwise: number;
  readonly open: number;
}

/** Returns the totals of the cases of a report. */
export function caseTotals(rows: readonly Pick<CaseRow, "end">[]): CaseTotals {
  const ended = (end: string) => rows.filter((row) => row.end === end).length;
  const [usable, leftDisabled, destroyed, open] = [
    ended("key-usable"),
    ended("key-left-disabled"),
    ended("key-destroyed"),
    ended("open"),
  ];
  const otherwise = rows.length - usable - leftDisabled - destroyed - open;
  return { deletions: rows.length, usable, leftDisabled, destroyed, otherwise, open };
}

/** Returns the sum of several totals. */
export function sumOf(totals: readonly CaseTotals[]): CaseTotals {
  const none = caseTotals([]);
  return totals.reduce<CaseTotals>(
    (sum, each) => ({
      deletions: sum.deletions + each.deletions,
      usable: sum.usable + each.usable,
      leftDisabled: sum.leftDisabled + each.leftDisabled,
      destroyed: sum.destroyed + each.destroyed,
      otherwise: sum.otherwise + each.otherwise,
      open: sum.open + each.open,
    }),
    none,
  );
}
