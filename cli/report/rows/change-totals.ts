import type { ChangeRow } from "./change-row.ts";

/** How many changes there were, and how they ended; every change counts as one end. */
export interface ChangeTotals {
  readonly changes: number;
  readonly grave: number;
  readonly allowed: number;
  readonly notified: number;
  readonly reverted: number;
  readonly left: number;
  /** A rule would have undone them; the stack observed or was paused. */
  readonly observed: number;
  /** Nothing was left to undo, or the result is not on record. */
  readonly otherwise: number;
  /** Chains after which more followed than is recorded. */
  readonly crowded: number;
}

type Counted = Pick<ChangeRow, "changes" | "grave" | "ends" | "crowded">;

/** Returns the totals of rows. */
export function changeTotals(rows: readonly Counted[]): ChangeTotals {
  const sum = (count: (row: Counted) => number) => rows.reduce((total, row) => total + count(row), 0);
  return {
    changes: sum(({ changes }) => changes),
    grave: sum(({ grave }) => grave),
    allowed: sum(({ ends }) => ends.allowed),
    notified: sum(({ ends }) => ends.notified),
    reverted: sum(({ ends }) => ends.reverted),
    left: sum(({ ends }) => ends.left),
    observed: sum(({ ends }) => ends.observed),
    otherwise: sum(({ ends }) => ends["as-before"] + ends.reverting),
    crowded: sum(({ crowded }) => (crowded ? 1 : 0)),
  };
}

/** Returns the totals of each operation that has any, by its name. */
export function totalsByOperation(rows: readonly ChangeRow[]): readonly (readonly [string, ChangeTotals])[] {
  const names = [...new Set(rows.map(({ operation }) => operation))].sort();
  return names.map((name) => [name, changeTotals(rows.filter(({ operation }) => operation === name))]);
}
