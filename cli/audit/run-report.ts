import { createColors } from "picocolors";
import { readReconciliation } from "../report/reconciliation-file.ts";
import { type ReportOptions, type WrittenReport, writeReport } from "../report/write-report.ts";
import { keepMemorySteady } from "../shell/steady-memory.ts";
import type { Status, Terminal } from "../shell/terminal.ts";
import type { Expected, ReportCommand, ReportWish } from "./audit-command.ts";
import { optionsFrom, statusOf } from "./verify-folder.ts";

/** Writes the report of an export. Returns the exit status: that of its verification. Throws an InputError. */
export async function reporting(command: ReportCommand, context: Terminal): Promise<Status> {
  keepMemorySteady();
  const { folder, out, reconciliation: file } = command;
  const read = file === undefined ? undefined : await readReconciliation(file);
  const options = { ...(await reportOptions(command, context)), ...read };
  const made = await writeReport(folder, out, options, context.clock());
  context.progress("");
  const { verdict, found } = made.cover.verified;
  if (command.json) {
    context.print(JSON.stringify(reportAnswer(made, out)));
    return statusOf[verdict];
  }
  const { green, red, yellow } = createColors(context.colours);
  context.print(`${green("✓")} ${out}/report.html, ${made.files.slice(1).join(", ")}: ${countsText(made)}`);
  if (verdict === "damaged")
    context.printError(`${red("✗")} the export is damaged: ${found} findings, and the report says so`);
  if (verdict === "linked") context.printError(`${yellow("!")} the export is linked, and not anchored`);
  return statusOf[verdict];
}

/** Returns the options of a report of one export. Throws an InputError. */
export async function reportOptions(
  asked: Expected & ReportWish & { readonly exportOf?: string },
  context: Pick<Terminal, "progress" | "version">,
): Promise<ReportOptions> {
  const { targetMs, draw } = asked;
  return { ...(await optionsFrom(asked, context)), targetMs, version: context.version, ...(draw && { draw }) };
}

/** Returns what a report answers with --json. */
export function reportAnswer({ cover, rows, changes, exceptions }: WrittenReport, out: string): object {
  const { verdict, found } = cover.verified;
  const requested = rows.filter(({ part }) => part === "requested").length;
  const counts = { cases: rows.length, requested, changes: changes.length, exceptions: exceptions.length };
  return { whole: verdict === "whole", verdict, out, ...counts, found };
}

/** Returns the numbers of a report as a line. */
export function countsText({ rows, changes, exceptions }: WrittenReport): string {
  const requested = rows.filter(({ part }) => part === "requested").length;
  const before = rows.length - requested;
  const earlier = before === 0 ? "" : ` and ${before} of before`;
  return `${requested} cases${earlier}, ${changes.length} changes, ${exceptions.length} exceptions`;
}
