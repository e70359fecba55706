import { durationText } from "../../../lib/notices/words.ts";
import type { ChangeRow } from "../rows/change-row.ts";
import { type ChangeTotals, changeTotals, totalsByOperation } from "../rows/change-totals.ts";
import { code, el, lines, small } from "./element.ts";
import type { VNode } from "./renderer.mjs";
import { section, table } from "./table.ts";
import { shortHash, time } from "./words.ts";

/** What the totals of changes count, for people. */
export const changeColumns: readonly (readonly [string, keyof ChangeTotals])[] = [
  ["Changes", "changes"],
  ["Grave", "grave"],
  ["Allowed", "allowed"],
  ["Notified", "notified"],
  ["Reverted", "reverted"],
  ["Left", "left"],
  ["Observed only", "observed"],
  ["Otherwise", "otherwise"],
  ["Hours with more than is recorded", "crowded"],
];

/** Returns the section on changes other than deletions: totals of each operation, and a row for each chain. `late` were made before the period. */
export function changesSection(rows: readonly ChangeRow[], late = 0): VNode {
  const about =
    "Calls other than DeleteKey that change a key, its aliases, tags or resource policy, or a setting of the account, by the time of the call, as they stand at the end of the log. Left: the change stands although a rule wants it undone.";
  return section(
    "Changes of keys",
    el("p", undefined, about),
    late > 0
      ? el("p", undefined, `${late} changes were made before the period and recorded in it: they are not counted here.`)
      : undefined,
    ...(rows.length === 0 ? [el("p", { class: "none" }, "None.")] : [totals(rows), chains(rows)]),
  );
}

function totals(rows: readonly ChangeRow[]): VNode {
  const all = changeTotals(rows);
  type Line = readonly [string, ChangeTotals];
  const counts = changeColumns.map(([head, field]) => ({
    ...{ head, isNumber: true as const, cell: ([, counted]: Line) => counted[field] },
  }));
  const columns = [{ head: "Operation", cell: ([name]: Line) => name }, ...counts];
  const last = ["Total", ...changeColumns.map(([, field]) => all[field])];
  return table("Changes by operation", columns, totalsByOperation(rows), last);
}

function chains(rows: readonly ChangeRow[]): VNode {
  return table("Every chain of changes, oldest first", chainColumns, rows);
}

const chainColumns = [
  {
    head: "Changed",
    cell: ({ title, subject, operation }: ChangeRow) =>
      lines(title, title === subject ? "" : small(code(subject)), small(operation)),
  },
  {
    head: "Time (UTC)",
    cell: (row: ChangeRow) =>
      lines(
        time(row.changedAt),
        small(row.sourceIp === "" ? row.requesterName : `${row.requesterName} from ${row.sourceIp}`),
        small(`${row.says}${moreText(row)}`),
      ),
  },
  {
    head: "Decided by rule",
    cell: ({ rule, policyHash, mode }: ChangeRow) =>
      lines(code(rule), small(`policy ${shortHash(policyHash)}${mode === "observe" ? ", observing only" : ""}`)),
  },
  { head: "End", cell: endText },
];

function moreText({ changes, crowded }: ChangeRow): string {
  const more = changes === 1 ? "" : ` and ${changes - 1} more within the hour`;
  return crowded ? `${more}; more followed that are not recorded` : more;
}

function endText({ state, grave, revertedAfterMs, whyLeft }: ChangeRow) {
  const notes = [
    ...(grave === 0 ? [] : [`${grave} grave`]),
    ...(revertedAfterMs === undefined ? [] : [`reverted after ${durationText(revertedAfterMs)}`]),
    ...(whyLeft === "" ? [] : [`left: ${whyLeft}`]),
  ];
  return lines(state, notes.length === 0 ? "" : small(notes.join("; ")));
}
