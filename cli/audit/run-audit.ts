import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createColors } from "picocolors";
import { writeReport } from "../report/write-report.ts";
import { errorText } from "../shell/error-text.ts";
import { removedAfter } from "../shell/half-done.ts";
import { InputError } from "../shell/input-error.ts";
import { type Exported, exportTrail } from "../trail/export-trail.ts";
import { noCheckpoints } from "../trail/stored-checkpoints.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import { verifyTrail } from "../trail/verify-trail.ts";
import type { ExportCommand, ReportCommand, StackToRead, VerifyCommand } from "./audit-command.ts";
import { progressOn, verifyFolder } from "./verify-folder.ts";

/** Exports a trail, and prints its digest. Throws an InputError. */
export async function exporting(command: ExportCommand, context: TrailContext) {
  const { green, dim } = createColors(context.colours);
  const exported = await exportFrom(command, context);
  const { cases, entries, digest, checkpoints } = exported;
  if (command.json) {
    context.print(JSON.stringify({ out: command.out, ...exported }));
    return;
  }
  context.print(
    `${green("✓")} ${cases} chains (cases, pauses, permits) with ${entries} entries and ${checkpoints} checkpoints are in ${command.out}`,
  );
  context.print(`${dim("  digest")} ${digest}`);
}

async function exportFrom({ out, from, to, source }: ExportCommand, context: TrailContext): Promise<Exported> {
  const { table, stack, withCheckpoints } = source;
  const progress = (cases: number) => context.progress(`${cases} chains`);
  const checkpoints = withCheckpoints ? await checkpointsOf(stack, from, to, context) : noCheckpoints;
  const options = { out, from, to, source: `${stack.region} ${table}`, checkpoints, now: context.clock(), progress };
  const exported = await exportTrail(context.trails({ table, ...stack }), options).catch((error: unknown) => {
    if (error instanceof InputError) throw error;
    throw new InputError(`the table \`${table}\` in ${stack.region} cannot be read: ${errorText(error)}`);
  });
  context.progress("");
  return exported;
}

async function checkpointsOf(stack: StackToRead["stack"], from: number, to: number, context: TrailContext) {
  try {
    return await context.checkpoints(stack, from, to);
  } catch (error) {
    throw new InputError(
      `the checkpoints of \`${stack.stage}\` in ${stack.region} cannot be read: ${errorText(error)}; to do without them: --without-checkpoints`,
    );
  }
}

/** Writes the report of an export; answers whether the export is whole. Throws an InputError. */
export async function reporting(command: ReportCommand, context: TrailContext): Promise<boolean> {
  const { folder, out, json } = command;
  const verified = await verifyTrail(folder, progressOn(context));
  context.progress("");
  const { cases, leftOut } = await writeReport(folder, out, verified, context.clock());
  const { green, red } = createColors(context.colours);
  if (json) {
    context.print(JSON.stringify({ whole: verified.found === 0, out, cases, leftOut, found: verified.found }));
    return verified.found === 0;
  }
  context.print(`${green("✓")} ${out}/report.html and cases.csv: ${cases} cases`);
  if (verified.found > 0)
    context.printError(
      `${red("✗")} the export is damaged in ${verified.found} places; ${leftOut} cases are left out, and the report says so`,
    );
  return verified.found === 0;
}

/** Verifies an export, or a live trail; returns whether it is whole. Throws an InputError. */
export async function verifying(command: VerifyCommand, context: TrailContext): Promise<boolean> {
  const { source } = command;
  if ("folder" in source) return await verifyFolder(source.folder, command, context);
  return await inFolder(async (out) => {
    await exportFrom({ out, from: 0, to: context.clock() + 1, source, json: false }, context);
    return await verifyFolder(out, command, context);
  });
}

/** What `work` makes of a folder that is gone afterwards: a live trail is exported and verified as any other. */
async function inFolder<Result>(work: (out: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "reprieve-audit-"));
  return await removedAfter(folder, async () => await work(join(folder, "export")));
}
