import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { createColors } from "picocolors";
import type { PlaceOutcome } from "../places/at-place.ts";
import { everywhere } from "../places/everywhere.ts";
import { type Place, sourceText } from "../places/place.ts";
import type { PlacesContext } from "../places/places-context.ts";
import type { PlacesOptions } from "../places/places-options.ts";
import { type PlaceRow, placesHtml } from "../report/page/places-page.ts";
import { beforeTotals, caseTotals, sumOf } from "../report/rows/case-totals.ts";
import { casesColumns } from "../report/rows/cases-csv.ts";
import { changeTotals } from "../report/rows/change-totals.ts";
import { changesColumns } from "../report/rows/changes-csv.ts";
import { placeCsv, placesCsvHead } from "../report/rows/csv-table.ts";
import { type WrittenReport, writeReport } from "../report/write-report.ts";
import { removedAfter } from "../shell/half-done.ts";
import { InputError } from "../shell/input-error.ts";
import { makeFolder } from "../shell/make-folder.ts";
import type { Status } from "../shell/terminal.ts";
import type { Expected, ReportWish } from "./audit-command.ts";
import { countsText, reportAnswer, reportOptions } from "./run-report.ts";
import { statusOf } from "./verify-folder.ts";

type Options = PlacesOptions & { readonly json?: true };

interface PlacesReport {
  /** Holds an export for each place, as `audit export --accounts` wrote it. */
  readonly folder: string;
  readonly out: string;
  /** Returns what the log of a place is checked against. */
  readonly expected: (place: Place) => Expected;
  readonly wish: ReportWish;
}

/**
 * Writes the report of each place from the exports below `folder`, one page with their totals, and one file each with all cases and all changes, into the new
 * folder `out`. Only totals of a place are kept once it is written. Returns the most severe status. Throws an InputError.
 */
export async function reportingPlaces(
  { folder, out, expected, wish }: PlacesReport,
  options: Options,
  context: PlacesContext,
): Promise<Status> {
  if (existsSync(out)) throw new InputError(`\`${out}\` exists already: name a new folder`);
  const partial = `${out}.partial`;
  await rm(partial, { recursive: true, force: true });
  return await removedAfter(partial, async () => {
    await makeFolder(partial);
    const report = async (place: Place, here: PlacesContext) => {
      const asked = { ...wish, ...expected(place), exportOf: sourceText(place) };
      const into = join(partial, place.name);
      return await writeReport(join(folder, place.name), into, await reportOptions(asked, here), here.clock());
    };
    const { rows, status } = await eachReport(report, { partial, out }, options, context);
    writeFileSync(join(partial, "report.html"), placesHtml(rows, new Date(context.clock()).toISOString()));
    await rename(partial, out);
    if (!options.json) printPlaces(rows, out, context);
    return status;
  });
}

/** Writes the report of each place; returns its row, and the most severe status. */
async function eachReport(
  report: (place: Place, here: PlacesContext) => Promise<WrittenReport>,
  { partial, out }: { readonly partial: string; readonly out: string },
  options: Options,
  context: PlacesContext,
): Promise<{ readonly rows: readonly PlaceRow[]; readonly status: Status }> {
  const [cases, changes] = [join(partial, "cases.csv"), join(partial, "changes.csv")];
  writeFileSync(cases, placesCsvHead(casesColumns));
  writeFileSync(changes, placesCsvHead(changesColumns));
  /** Of places whose turn has not come. */
  const written = new Map<string, WrittenReport>();
  const rows: PlaceRow[] = [];
  const onOutcome = (place: Place, outcome: PlaceOutcome) => {
    const made = outcome.ok ? written.get(place.name) : undefined;
    written.delete(place.name);
    if (made !== undefined) {
      appendFileSync(cases, placeCsv(casesColumns, place, made.rows));
      appendFileSync(changes, placeCsv(changesColumns, place, made.changes));
    }
    rows.push(rowOf(place, outcome, made));
  };
  const status = await everywhere(
    options,
    context,
    { json: "object", isOffline: true, onOutcome },
    async (here, place) => {
      if (place === undefined) throw new TypeError("a report of many places needs a place");
      const made = await report(place, here);
      written.set(place.name, made);
      return printReport(made, join(out, place.name), options, here);
    },
  );
  return { rows, status };
}

function rowOf(
  { name, account, region, stage }: Place,
  outcome: PlaceOutcome,
  made: WrittenReport | undefined,
): PlaceRow {
  const where = { name, account, region, stage };
  if (!outcome.ok) return { ...where, found: { error: outcome.error } };
  if (made === undefined) throw new TypeError("a place has an outcome and no report");
  const { rows, cover, exceptions } = made;
  const { verdict, digest } = cover.verified;
  const counts = { totals: caseTotals(rows), before: beforeTotals(rows), changes: changeTotals(made.changes) };
  return {
    ...where,
    found: { verdict, digest, ...counts, exceptions: exceptions.length, from: cover.from, to: cover.to },
  };
}

function printPlaces(rows: readonly PlaceRow[], out: string, { colours, print }: PlacesContext): void {
  const reports = rows.flatMap(({ found }) => ("error" in found ? [] : [found.totals]));
  const { deletions } = sumOf(reports);
  const places = `${reports.length} of ${rows.length} places`;
  print(
    `${createColors(colours).green("✓")} ${out}/report.html, cases.csv and changes.csv: ${deletions} cases of ${places}`,
  );
}

function printReport(made: WrittenReport, out: string, options: Options, context: PlacesContext): Status {
  const { verdict, found } = made.cover.verified;
  const { green, red, yellow } = createColors(context.colours);
  if (options.json) context.print(JSON.stringify(reportAnswer(made, out)));
  else {
    const mark = { whole: green("✓"), damaged: red("✗"), linked: yellow("!") }[verdict];
    context.print(`${mark} ${countsText(made)}; the export is ${verdict}${found > 0 ? `, ${found} findings` : ""}`);
  }
  return statusOf[verdict];
}
