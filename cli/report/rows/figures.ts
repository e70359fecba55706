import { hourMs, minuteMs, secondMs } from "../../../lib/domain/time.ts";
import type { ListedPermit } from "../../permits/permit-list.ts";
import type { CaseRow } from "./case-row.ts";

/** One bar of a chart, cut into parts. */
export interface Bar {
  readonly label: string;
  readonly parts: readonly { readonly name: string; readonly count: number }[];
}

export interface Figure {
  readonly title: string;
  readonly caption: string;
  readonly bars: readonly Bar[];
}

/** What the report shows before the table of cases. */
export function figuresOf(rows: readonly CaseRow[], permits: readonly ListedPermit[]): readonly Figure[] {
  return [
    {
      title: "Deletions by month and outcome",
      caption: "What the policy said of each deletion, by the month in which it was requested (UTC).",
      bars: byMonth(rows),
    },
    {
      title: "Time to usable",
      caption:
        "From the call to the moment in which the restored key was usable again: all keys that came to be usable by the end of the period.",
      bars: spans.map(([label, from, to]) =>
        bar(label, "keys", rows.filter(({ timeToUsableMs: ms }) => ms !== undefined && ms >= from && ms < to).length),
      ),
    },
    {
      title: "Keys by usage",
      caption: "Distinct keys scheduled for deletion, by key usage.",
      bars: counted(distinct(rows), ({ usage }) => [usage === "" ? "unknown" : usage], "keys"),
    },
    {
      title: "Votes by person",
      caption: "Votes that counted: approve lets a deletion go ahead, also one that is planned; keep keeps the key.",
      bars: votes(rows, permits),
    },
  ];
}

const spans: readonly (readonly [string, number, number])[] = [
  ["under 5 s", 0, 5 * secondMs],
  ["5 to 30 s", 5 * secondMs, 30 * secondMs],
  ["30 s to 2 min", 30 * secondMs, 2 * minuteMs],
  ["2 to 15 min", 2 * minuteMs, 15 * minuteMs],
  ["15 min to 1 h", 15 * minuteMs, hourMs],
  ["over 1 h", hourMs, Number.POSITIVE_INFINITY],
];

function bar(label: string, name: string, count: number): Bar {
  return { label, parts: [{ name, count }] };
}

function byMonth(rows: readonly CaseRow[]): Bar[] {
  const months = [...new Set(rows.map(({ countedAt }) => monthOf(countedAt)))].sort();
  const outcomes = ["restore", "ask", "allow", "none"];
  return months.map((label) => ({
    label,
    parts: outcomes.map((name) => ({
      name,
      count: rows.filter(({ countedAt, outcome }) => monthOf(countedAt) === label && outcome === name).length,
    })),
  }));
}

function monthOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 7);
}

function distinct(rows: readonly CaseRow[]): readonly CaseRow[] {
  return [...new Map(rows.map((row) => [row.keyArn, row])).values()];
}

function counted(rows: readonly CaseRow[], labels: (row: CaseRow) => readonly string[], name: string): Bar[] {
  const counts = new Map<string, number>();
  for (const label of rows.flatMap(labels)) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([label, count]) => bar(label, name, count));
}

function votes(rows: readonly CaseRow[], permits: readonly ListedPermit[]): Bar[] {
  const approvals = [...rows, ...permits].map(({ approvedBy }) => approvedBy);
  const people = [...new Set([...approvals, ...rows.map(({ keptBy }) => keptBy)].flat())].sort();
  return people.map((label) => ({
    label,
    parts: [
      { name: "approve", count: approvals.filter((each) => each.includes(label)).length },
      { name: "keep", count: rows.filter(({ keptBy }) => keptBy.includes(label)).length },
    ],
  }));
}
