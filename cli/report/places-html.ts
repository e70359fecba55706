import type { Verdict } from "../../lib/domain/log/finding.ts";
import type { PlaceFailure } from "../places/place-failure.ts";
import { type CaseTotals, sumOf } from "./case-totals.ts";
import type { ChangeTotals } from "./change-totals.ts";
import { day, esc } from "./html-text.ts";
import { pageHead } from "./page-head.ts";

/** A place with the totals of its report, or why it has none. */
export interface PlaceRow {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly stage: string;
  readonly found: PlaceReport | { readonly error: PlaceFailure };
}

export interface PlaceReport {
  readonly verdict: Verdict;
  readonly totals: CaseTotals;
  /** Changes other than deletions. */
  readonly changes: Pick<ChangeTotals, "changes" | "left">;
  /** Time that the report covers, in ISO 8601. */
  readonly from: string;
  readonly to: string;
}

const verdictTexts: Readonly<Record<Verdict, string>> = {
  whole: "whole and anchored",
  linked: "linked, not anchored",
  damaged: "<strong>damaged</strong>",
};

/** Returns the page over the reports of many places, made at `madeAt` (ISO 8601): totals of each place, linked to its report, and their sum. */
export function placesHtml(rows: readonly PlaceRow[], madeAt: string): string {
  const reports = rows.flatMap(({ found }) => ("error" in found ? [] : [found]));
  const isSound = rows.length === reports.length && reports.every(({ verdict }) => verdict === "whole");
  return `${pageHead(`Deletions of payment keys in ${rows.length} places`)}
<body>
<header>
<h1>Deletions of payment keys</h1>
<p>${rows.length} places · made ${esc(madeAt)}</p>
<div class="${isSound ? "whole" : "damaged"}"><p>${verdictsText(rows, reports)}</p></div>
</header>
<main>
<section><h2>Places</h2><table class="cases"><caption class="sr">Every place, in the order of the accounts file</caption>
<thead><tr><th scope="col">Place</th><th scope="col">Export</th>${[...columns.map(([name]) => name), ...changeColumns].map((name) => `<th scope="col">${name}</th>`).join("")}</tr></thead>
<tbody>${rows.map(rowOf).join("\n")}
<tr><th scope="row">Total</th><td>${reports.length} of ${rows.length} places</td>${cellsOf(sumOf(reports.map(({ totals }) => totals)), sumOfChanges(reports))}</tr></tbody></table></section>
</main>
</body>
</html>
`;
}

const columns: readonly (readonly [string, keyof CaseTotals])[] = [
  ["Scheduled deletions", "deletions"],
  ["Usable again", "usable"],
  ["Left disabled", "leftDisabled"],
  ["Destroyed", "destroyed"],
  ["Ended otherwise", "otherwise"],
  ["Not ended yet", "open"],
];

const changeColumns = ["Other changes", "Changes left"];

function cellsOf(totals: CaseTotals, { changes, left }: PlaceReport["changes"]): string {
  const numbers = [...columns.map(([, field]) => totals[field]), changes, left];
  return numbers.map((number) => `<td class="number">${number}</td>`).join("");
}

function sumOfChanges(reports: readonly PlaceReport[]): PlaceReport["changes"] {
  const sum = (field: "changes" | "left") => reports.reduce((total, { changes }) => total + changes[field], 0);
  return { changes: sum("changes"), left: sum("left") };
}

function rowOf({ name, account, region, stage, found }: PlaceRow): string {
  const where = `<small>${esc(account)} ${esc(region)}, stage ${esc(stage)}</small>`;
  if ("error" in found)
    return `<tr><th scope="row">${esc(name)}<br>${where}</th><td colspan="${columns.length + changeColumns.length + 1}"><strong>No report</strong>: ${esc(`${found.error.code}: ${found.error.message}`)}</td></tr>`;
  const { verdict, totals, changes, from, to } = found;
  const link = `<a href="${esc(name)}/report.html">${esc(name)}</a>`;
  return `<tr><th scope="row">${link}<br>${where}</th><td>${verdictTexts[verdict]}<br><small>${esc(day(from))} to ${esc(day(to))}</small></td>${cellsOf(totals, changes)}</tr>`;
}

function verdictsText(rows: readonly PlaceRow[], reports: readonly PlaceReport[]): string {
  const count = (verdict: Verdict) => reports.filter((report) => report.verdict === verdict).length;
  const missing = rows.length - reports.length;
  const none = missing === 0 ? "" : ` <strong>${missing} without a report: the total does not count them.</strong>`;
  return `${count("whole")} exports are whole and anchored, ${count("linked")} linked but not anchored, ${count("damaged")} damaged.${none}`;
}
