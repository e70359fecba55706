import type { Verdict } from "../../../lib/domain/log/finding.ts";
import type { PlaceFailure } from "../../places/place-failure.ts";
import { type CaseTotals, caseEnds, sumOf } from "../rows/case-totals.ts";
import type { ChangeTotals } from "../rows/change-totals.ts";
import { documentText } from "./document.ts";
import { el, lines, small } from "./element.ts";
import type { VNode } from "./renderer.mjs";
import { section, table } from "./table.ts";
import { day, endTexts, partTexts } from "./words.ts";

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
  readonly digest: string;
  readonly totals: CaseTotals;
  /** Deletions of before the period that are counted apart. */
  readonly before: CaseTotals;
  readonly exceptions: number;
  /** Changes other than deletions. */
  readonly changes: Pick<ChangeTotals, "changes" | "left">;
  /** Time that the report covers, in ISO 8601. */
  readonly from: string;
  readonly to: string;
}

const verdictTexts: Readonly<Record<Verdict, VNode | string>> = {
  whole: "whole and anchored",
  linked: "linked, not anchored",
  damaged: el("strong", undefined, "damaged"),
};

/** Returns the page over the reports of many places, made at `madeAt` (ISO 8601): totals of each place, linked to its report, and their sum. */
export function placesHtml(rows: readonly PlaceRow[], madeAt: string): string {
  const reports = rows.flatMap(({ found }) => ("error" in found ? [] : [found]));
  const isSound = rows.length === reports.length && reports.every(({ verdict }) => verdict === "whole");
  const text = verdictsText(rows, reports);
  const total = columns.map(({ sum }) => sum(reports));
  return documentText(
    `Deletions of payment keys in ${rows.length} places`,
    text,
    el(
      "header",
      undefined,
      el("h1", undefined, "Deletions of payment keys"),
      el("p", undefined, `${rows.length} places · made ${madeAt}`),
      el("div", { class: isSound ? "verdict good" : "verdict bad" }, el("p", undefined, text)),
    ),
    el(
      "main",
      undefined,
      section(
        "Places",
        table(
          "Every place, in the order of the accounts file",
          [
            { head: "Place", cell: placeText },
            { head: "Export", cell: exportText },
            ...columns.map(({ head, value }) => ({
              ...{ head, isNumber: true as const },
              cell: ({ found }: PlaceRow) => ("error" in found ? "" : value(found)),
            })),
          ],
          rows,
          ["Total", `${reports.length} of ${rows.length} places`, ...total],
        ),
      ),
    ),
  );
}

interface NumberColumn {
  readonly head: string;
  readonly value: (report: PlaceReport) => number;
  readonly sum: (reports: readonly PlaceReport[]) => number;
}

const columns: readonly NumberColumn[] = [
  summed(partTexts.requested, ({ totals }) => totals.deletions),
  ...caseEnds.map((end) => ({
    head: endTexts[end],
    value: ({ totals }: PlaceReport) => totals[end],
    sum: (reports: readonly PlaceReport[]) => sumOf(reports.map(({ totals }) => totals))[end],
  })),
  summed("Requested before", ({ before }) => before.deletions),
  summed("Exceptions", ({ exceptions }) => exceptions),
  summed("Other changes", ({ changes }) => changes.changes),
  summed("Changes left", ({ changes }) => changes.left),
];

function summed(head: string, value: (report: PlaceReport) => number): NumberColumn {
  return { head, value, sum: (reports) => reports.reduce((all, report) => all + value(report), 0) };
}

function placeText({ name, account, region, stage, found }: PlaceRow) {
  const where = small(`${account} ${region}, stage ${stage}`);
  return lines("error" in found ? name : el("a", { href: `${name}/report.html` }, name), where);
}

function exportText({ found }: PlaceRow) {
  if ("error" in found)
    return lines(el("strong", undefined, "No report"), `${found.error.code}: ${found.error.message}`);
  return lines(
    verdictTexts[found.verdict],
    small(`${day(found.from)} to ${day(found.to)}`),
    small(found.digest.slice(0, 16)),
  );
}

function verdictsText(rows: readonly PlaceRow[], reports: readonly PlaceReport[]): string {
  const count = (verdict: Verdict) => reports.filter((report) => report.verdict === verdict).length;
  const missing = rows.length - reports.length;
  const none = missing === 0 ? "" : ` ${missing} without a report: the total does not count them.`;
  return `${count("whole")} exports are whole and anchored, ${count("linked")} linked but not anchored, ${count("damaged")} damaged.${none}`;
}
