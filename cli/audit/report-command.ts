import type { Command } from "commander";
import type { Place } from "../places/place.ts";
import { expectNoPlaces, ofAccounts } from "../places/places-options.ts";
import type { End } from "../shell/terminal.ts";
import { expectedFrom, type KeyOptions } from "./asked.ts";
import { type AnswerOptions, type AuditContext, asJson, expectedAt, oneLog, withKeys } from "./audit-options.ts";

/** Adds the command that writes a report of an export, or of those of many places. */
export function addReportCommand(parent: Command, context: AuditContext, end: End): void {
  asJson(ofAccounts(withKeys(parent.command("report")), oneLog))
    .description("write report.html, cases.csv and changes.csv of an export")
    .addHelpText(
      "after",
      "\nOne page for people and paper, and a line for each case and each chain of changes, in a new folder. With --accounts DIR holds a folder for each place, and the page has a\nrow for each and their totals; it links to the reports of the places.",
    )
    .argument("<dir>", "the export")
    .option("--out <dir>", "the new folder (default: DIR-report)")
    .action(async (folder: string, options: KeyOptions & AnswerOptions & { out?: string }) => {
      const out = options.out ?? `${folder.replace(/\/+$/, "")}-report`;
      if (options.accounts === undefined) {
        expectNoPlaces(options);
        const { reporting } = await import("./run-audit.ts");
        end(await reporting({ folder, out, json: options.json ?? false, ...expectedFrom(options) }, context));
        return;
      }
      const { reportingPlaces } = await import("./report-places.ts");
      const expected = (place: Place) => expectedAt(place, options);
      end(await reportingPlaces({ folder, out, expected }, options, context));
    });
}
