import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createColors } from "picocolors";
import { sourceText } from "../places/place.ts";
import type { Credentials } from "../shell/credentials.ts";
import { errorText } from "../shell/error-text.ts";
import { removedAfter } from "../shell/half-done.ts";
import { InputError } from "../shell/input-error.ts";
import type { Status } from "../shell/terminal.ts";
import { type Exported, exportTrail } from "../trail/export-trail.ts";
import { findingText } from "../trail/finding-text.ts";
import { proveCase } from "../trail/prove-case.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import type { ExportCommand, ProveCommand, VerifyCommand } from "./audit-command.ts";
import { reportExport } from "./report-export.ts";
import { optionsFrom, statusOf, verifyFolder } from "./verify-folder.ts";

/** Exports a trail, and prints its digest. Returns the exit status. Throws an InputError. */
export async function exporting(command: ExportCommand, context: TrailContext): Promise<Status> {
  const { green, yellow, dim } = createColors(context.colours);
  const exported = await exportFrom(command, context);
  const { objects, chains, entries, unlogged, digest } = exported;
  const { out, from, to, json, report } = command;
  const time = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  const reported = await reportExport(exported, time, { ...report, ...signedIn(command) }, context);
  if (json) {
    context.print(JSON.stringify({ out, ...exported, ...reported }));
    return 0;
  }
  const later = unlogged === 0 ? "" : `, and ${unlogged} entries that are not logged yet`;
  context.print(
    `${green("✓")} ${out} holds ${objects} objects of the log with ${entries} entries of ${chains} chains${later}`,
  );
  context.print(`${dim("  digest")} ${digest}`);
  if (reported.recorded) context.print(dim("  the export is on the audit trail"));
  else context.printError(`${yellow("!")} the export is not on the audit trail: ${reported.notRecorded}`);
  return 0;
}

/** The credentials that read a place report it, too. */
function signedIn({ source }: ExportCommand): { readonly credentials?: Credentials } {
  const { access } = source.stack;
  return access === undefined ? {} : { credentials: access.credentials };
}

async function exportFrom(command: Omit<ExportCommand, "json" | "report">, context: TrailContext): Promise<Exported> {
  const { out, source, from, to } = command;
  const { table, stack } = source;
  const time = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  const progress = (files: number) => context.progress(`${files} files`);
  const { access, region, stage } = stack;
  // The account is known where it was checked.
  const named = access === undefined ? `${region} ${stage}` : sourceText({ account: access.account, region, stage });
  const options = { out, ...time, source: named, now: context.clock(), progress };
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
    throw new InputError(`${name} cannot be read: ${errorText(error)}`, { cause: error });
  }
}

/** Verifies an export, or a live trail. Returns the exit status. Throws an InputError. */
export async function verifying(command: VerifyCommand, context: TrailContext): Promise<Status> {
  const { source } = command;
  if ("folder" in source) return await verifyFolder(source.folder, command, context);
  return await inFolder(async (out) => {
    await exportFrom({ out, source }, context);
    return await verifyFolder(out, command, context);
  });
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

/** Returns what `work` makes of a folder that is gone afterwards: a live trail is exported and verified as any other. */
async function inFolder<Result>(work: (out: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "reprieve-audit-"));
  return await removedAfter(folder, async () => await work(join(folder, "export")));
}
