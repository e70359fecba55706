import type { CaseRow } from "../rows/case-row.ts";
import { type CaseTotals, caseEnds, caseParts, caseTotals } from "../rows/case-totals.ts";
import { el } from "./element.ts";
import type { VNode } from "./renderer.mjs";
import { section, table } from "./table.ts";
import { endTexts, partHeads, partTexts } from "./words.ts";

/** Returns the section that counts deletions: each once, by the time of the call, with a line for each end. */
export function populationSection(rows: readonly CaseRow[], uncounted: number): VNode {
  const totals = caseParts.map((part) => caseTotals(rows, part));
  const sum = (end: keyof CaseTotals) => totals.reduce((all, each) => all + each[end], 0);
  const columns = [
    { head: "Deletions", cell: ([name]: Line) => name },
    ...caseParts.map((part, n) => ({
      head: partHeads[part],
      isNumber: true as const,
      cell: ([, end]: Line) => totals[n]?.[end] ?? 0,
    })),
    { head: "Sum", isNumber: true as const, cell: ([, end]: Line) => sum(end) },
  ];
  const unread =
    uncounted === 0
      ? undefined
      : el(
          "p",
          undefined,
          el(
            "strong",
            undefined,
            `${uncounted} chains cannot be read from their beginning and are not counted: see the exceptions.`,
          ),
        );
  return section(
    "Population",
    el(
      "p",
      undefined,
      "Each deletion is counted once: by the time of its earliest call on record, or of its first entry if that is earlier. It stands as its entries told at the end of the period.",
    ),
    el(
      "ul",
      undefined,
      caseParts.map((part) => el("li", undefined, `${partHeads[part]}: ${partTexts[part].toLowerCase()}`)),
    ),
    table(
      "Deletions by their end, and by when they were requested",
      columns,
      caseEnds.map((end): Line => [endTexts[end], end]),
      ["All", ...totals.map(({ deletions }) => deletions), sum("deletions")],
    ),
    unread,
    el("h3", undefined, "Requested in the period, by decision"),
    decisions(rows.filter(({ part }) => part === "requested")),
  );
}

type Line = readonly [name: string, end: keyof CaseTotals];

/** Every deletion has one decision and one end, so that lines and columns add up to the same number. */
function decisions(rows: readonly CaseRow[]): VNode {
  const nameOf = ({ outcome, mode }: CaseRow) =>
    `${outcome === "none" ? "not decided" : outcome}${mode === "observe" ? ", observed only" : ""}`;
  const names = [...new Set(rows.map(nameOf))].sort();
  const ends = caseEnds.filter((end) => rows.some((row) => row.end === end));
  const count = (name: string | undefined, end?: string) =>
    rows.filter((row) => (name === undefined || nameOf(row) === name) && (end === undefined || row.end === end)).length;
  return table(
    "Decisions and ends",
    [
      { head: "Decision", cell: (name: string) => name },
      ...ends.map((end) => ({
        head: endTexts[end],
        isNumber: true as const,
        cell: (name: string) => count(name, end),
      })),
      { head: "All", isNumber: true as const, cell: (name: string) => count(name) },
    ],
    names,
    ["All", ...ends.map((end) => count(undefined, end)), rows.length],
  );
}
