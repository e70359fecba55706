import type { Command } from "commander";
import type { Place } from "../places/place.ts";
import { expectNoPlaces, ofAccounts } from "../places/places-options.ts";
import { defaultTargetSeconds } from "../report/rows/usable-times.ts";
import type { End } from "../shell/terminal.ts";
import {
  type DrawOptions,
  drawFrom,
  expectedFrom,
  type KeyOptions,
  type TimeOptions,
  targetFrom,
  timeFrom,
} from "./asked.ts";
import {
  type AnswerOptions,
  type AuditContext,
  asJson,
  expectedAt,
  forTime,
  oneLog,
  withKeys,
} from "./audit-options.ts";

interface ReportOptions extends KeyOptions, TimeOptions, DrawOptions, AnswerOptions {
  readonly out?: string;
  readonly targetSeconds?: string;
  readonly reconciliation?: string;
}

/** Adds the command that writes a report of an export, or of those of many places. */
export function addReportCommand(parent: Command, context: AuditContext, end: End): void {
  asJson(ofAccounts(withKeys(forTime(parent.command("report"))), [...oneLog, "reconciliation"]))
    .description("write report.html, cases.csv and changes.csv of an export")
    .addHelpText(
      "after",
      `
One page for people and paper, and a line for each case and each chain of changes, in a new folder; a page with a sheet for each destroyed key.
Deletions are counted by the time of the call. The page says that the population is complete only where --reconciliation proves it.
--sample and --seed draw cases for work papers: the first N in the order of SHA-256(seed || name of the case), each with proofs of its entries.
With --accounts DIR holds a folder for each place, and the page has a row for each and their totals; it links to the reports of the places.`,
    )
    .argument("<dir>", "the export")
    .option("--out <dir>", "the new folder (default: DIR-report)")
    .option("--reconciliation <file>", "the result of audit reconcile for this export and this time")
    .option(
      "--target-seconds <n>",
      `how long a restored key may take to be usable again (default: ${defaultTargetSeconds})`,
    )
    .option("--sample <n>", "how many cases to draw for work papers; needs --seed")
    .option("--seed <text>", "the text that the assessor chose for the draw")
    .action(async (folder: string, options: ReportOptions) => {
      const out = options.out ?? `${folder.replace(/\/+$/, "")}-report`;
      const wish = { ...timeFrom(options), ...drawFrom(options), targetMs: targetFrom(options.targetSeconds) };
      const { reconciliation, json = false } = options;
      if (options.accounts === undefined) {
        expectNoPlaces(options);
        const { reporting } = await import("./run-report.ts");
        const command = {
          folder,
          out,
          json,
          ...wish,
          ...expectedFrom(options),
          ...(reconciliation && { reconciliation }),
        };
        end(await reporting(command, context));
        return;
      }
      const { reportingPlaces } = await import("./report-places.ts");
      const expected = (place: Place) => expectedAt(place, options);
      end(await reportingPlaces({ folder, out, expected, wish }, options, context));
    });
}
