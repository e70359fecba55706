import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createColors } from "picocolors";
import type { Verdict } from "../../lib/domain/log/finding.ts";
import { writeReport } from "../report/write-report.ts";
import { errorText } from "../shell/error-text.ts";
import { removedAfter } from "../shell/half-done.ts";
import { InputError } from "../shell/input-error.ts";
import { progressBar } from "../shell/progress-bar.ts";
import { keepMemorySteady } from "../shell/steady-memory.ts";
import { keptCheckpoint } from "../trail/expected-keys.ts";
import { type Exported, exportTrail } from "../trail/export-trail.ts";
import { findingText } from "../trail/finding-text.ts";
import { proveCase } from "../trail/prove-case.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import { type VerifyOptions, verifyTrail } from "../trail/verify-trail.ts";
import type { Expected, ExportCommand, ProveCommand, ReportCommand, VerifyCommand } from "./audit-command.ts";
import { printVerification } from "./verdict-text.ts";

type Status = 0 | 1 | 3;

const statusOf: Readonly<Record<Verdict, Status>> = { whole: 0, damaged: 1, linked: 3 };

/** Exports a trail, and prints its digest. Throws an InputError. */
export async function exporting(command: ExportCommand, context: TrailContext): Promise<void> {
  const { green, dim } = createColors(context.colours);
  const { objects, chains, entries, unlogged, digest } = await exportFrom(command, context);
  const later = unlogged === 0 ? "" : `, and ${unlogged} entries that are not logged yet`;
  context.print(
    `${green("✓")} ${command.out} holds ${objects} objects of the log with ${entries} entries of ${chains} chains${later}`,
  );
  context.print(`${dim("  digest")} ${digest}`);
}

async function exportFrom({ out, source, ...time }: ExportCommand, context: TrailContext): Promise<Exported> {
  const { table, stack } = source;
  const progress = (files: number) => context.progress(`${files} files`);
  const options = { out, ...time, source: `${stack.region} ${stack.stage}`, now: context.clock(), progress };
  const exported = await exportTrail(
    unlessUnreadable(context.logFiles(stack), `the log of \`${stack.stage}\` in ${stack.region}`),
    unlessUnreadable(context.trails({ table, ...stack }), `the table \`${table}\` in ${stack.region}`),
    options,
  );
  context.progress("");
  return exported;
}

async function* unlessUnreadable<Each>(source: AsyncIterable<Each>, name: string): AsyncIterable<Each> {
  try {
    yield* source;
  } catch (error) {
    throw new InputError(`${name} cannot be read: ${errorText(error)}`);
  }
}

/** Writes the report of an export. Returns the exit status. Throws an InputError. */
export async function reporting(command: ReportCommand, context: TrailContext): Promise<Status> {
  const { folder, out } = command;
  const { verified, cases } = await writeReport(folder, out, await optionsFrom(command, context), context.clock());
  context.progress("");
  const { green, red, yellow } = createColors(context.colours);
  context.print(`${green("✓")} ${out}/report.html and cases.csv: ${cases} cases`);
  if (verified.verdict === "damaged")
    context.printError(`${red("✗")} the export is damaged: ${verified.found} findings, and the report says so`);
  if (verified.verdict === "linked") context.printError(`${yellow("!")} the export is linked, and not anchored`);
  return statusOf[verified.verdict];
}

/** Verifies an export, or a live trail. Returns the exit status. Throws an InputError. */
export async function verifying(command: VerifyCommand, context: TrailContext): Promise<Status> {
  const { source, json } = command;
  keepMemorySteady();
  const options = await optionsFrom(command, context);
  const verified =
    "folder" in source
      ? await verifyTrail(source.folder, options)
      : await inFolder(async (out) => {
          await exportFrom({ out, source }, context);
          return await verifyTrail(out, options);
        });
  context.progress("");
  const { manifest: _manifest, ...printed } = verified;
  if (json) context.print(JSON.stringify({ whole: verified.verdict === "whole", ...printed }));
  else printVerification(verified, context);
  return statusOf[verified.verdict];
}

/** Writes the proofs of a case. Returns the exit status. Throws an InputError. */
export async function proving(command: ProveCommand, context: TrailContext): Promise<Status> {
  const { folder, name, out } = command;
  const proven = await proveCase(folder, name, out, await optionsFrom(command, context));
  context.progress("");
  const { green, red } = createColors(context.colours);
  const later = proven.later === 0 ? "" : `; ${proven.later} entries have no checkpoint yet`;
  context.print(`${green("✓")} ${out} holds ${proven.proofs} proofs of ${proven.name}${later}`);
  const { verdict, findings } = proven.verification;
  if (verdict === "damaged")
    for (const finding of findings.slice(0, 20)) context.printError(`${red("✗")} ${findingText(finding)}`);
  return statusOf[verdict];
}

async function optionsFrom(
  command: Expected & Pick<VerifyOptions, "from" | "to" | "digest">,
  context: TrailContext,
): Promise<VerifyOptions> {
  const { key, witnesses, from, to, digest } = command;
  const since = command.since === undefined ? undefined : await keptCheckpoint(command.since, key);
  return {
    ...{ witnesses, ...(key && { key }), ...(since && { since }), ...(digest && { digest }) },
    ...{ ...(from !== undefined && { from }), ...(to !== undefined && { to }) },
    progress: (files, total) => context.progress(progressBar(files, total, "files")),
  };
}

/** Returns what `work` makes of a folder that is gone afterwards: a live trail is exported and verified as any other. */
async function inFolder<Result>(work: (out: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "reprieve-audit-"));
  return await removedAfter(folder, async () => await work(join(folder, "export")));
}
