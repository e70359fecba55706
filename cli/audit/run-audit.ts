import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createColors } from "picocolors";
import { printableText } from "../../lib/domain/printable-text.ts";
import { writeReport } from "../report/write-report.ts";
import { errorText } from "../shell/error-text.ts";
import { removedAfter } from "../shell/half-done.ts";
import { InputError } from "../shell/input-error.ts";
import { progressBar } from "../shell/progress-bar.ts";
import { keepMemorySteady } from "../shell/steady-memory.ts";
import { noCheckpoints } from "../trail/checkpoint-source.ts";
import { type Exported, exportTrail } from "../trail/export-trail.ts";
import { signatureVerifier } from "../trail/public-key.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import { type Verification, verifyTrail } from "../trail/verify-trail.ts";
import type { ExportCommand, ReportCommand, StackToRead, VerifyCommand } from "./audit-command.ts";

/** Exports a trail, and prints its digest. Throws an InputError. */
export async function exporting(command: ExportCommand, context: TrailContext) {
  const { green, dim } = createColors(context.colours);
  const { cases, entries, digest, checkpoints } = await exportFrom(command, context);
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
  const { folder, out } = command;
  const verified = await verifyTrail(folder, shownBy(context));
  context.progress("");
  const { cases, leftOut } = await writeReport(folder, out, verified, context.clock());
  const { green, red } = createColors(context.colours);
  context.print(`${green("✓")} ${out}/report.html and cases.csv: ${cases} cases`);
  if (verified.found > 0)
    context.printError(
      `${red("✗")} the export is damaged in ${verified.found} places; ${leftOut} cases are left out, and the report says so`,
    );
  return verified.found === 0;
}

/** Verifies an export, or a live trail; answers whether it is whole. Throws an InputError. */
export async function verifying(command: VerifyCommand, context: TrailContext): Promise<boolean> {
  const { source, digest, publicKey, json } = command;
  keepMemorySteady();
  const verifySignature = publicKey === undefined ? undefined : await signatureVerifier(publicKey);
  const progress = shownBy(context);
  const verified =
    "folder" in source
      ? await verifyTrail(source.folder, progress, verifySignature)
      : await inFolder(async (out) => {
          await exportFrom({ out, from: 0, to: context.clock() + 1, source }, context);
          return await verifyTrail(out, progress, verifySignature);
        });
  context.progress("");
  const otherDigest = digest !== undefined && digest !== verified.digest;
  const whole = verified.found === 0 && !otherDigest;
  if (json) context.print(JSON.stringify({ whole, otherDigest, ...verified }));
  else printVerdict(verified, { otherDigest, whole, signaturesVerified: verifySignature !== undefined }, context);
  return whole;
}

function shownBy(context: TrailContext) {
  return (entries: number, total: number) => context.progress(progressBar(entries, total, "entries"));
}

/** What `work` makes of a folder that is gone afterwards: a live trail is exported and verified as any other. */
async function inFolder<Result>(work: (out: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "reprieve-audit-"));
  return await removedAfter(folder, async () => await work(join(folder, "export")));
}

interface AuditVerdict {
  readonly otherDigest: boolean;
  readonly whole: boolean;
  readonly signaturesVerified: boolean;
}

function printVerdict(
  verified: Verification,
  { otherDigest, whole, signaturesVerified }: AuditVerdict,
  context: TrailContext,
): void {
  const { cases, entries, findings, found, digest } = verified;
  const { green, red, dim } = createColors(context.colours);
  if (whole) {
    context.print(`${green("✓")} whole: ${cases} chains, ${entries} entries, every link and every head holds`);
    for (const line of anchoredText(verified, signaturesVerified)) context.print(dim(`  ${line}`));
    context.print(`${dim("  digest")} ${digest}${dim("  compare it with the one that the export printed")}`);
    return;
  }
  if (otherDigest) context.printError(`${red("✗")} the manifest is another one than the digest names: ${digest}`);
  for (const finding of findings.slice(0, 20)) context.printError(`${red("✗")} ${lineOf(finding)}`);
  if (found > 20) context.printError(dim(`  and ${found - 20} more`));
}

/** What the checkpoints show, and what they do not. */
function anchoredText(
  { checkpoints: { count, late, signed, span }, unanchored, entries }: Verification,
  verified: boolean,
): readonly string[] {
  if (span === undefined)
    return ["no checkpoints: a case that was rewritten as a whole before the export would not be found"];
  const [first, last] = span;
  return [
    `${count} checkpoints, none missing between ${first} and ${last}: ${entries - unanchored} entries are as they were then`,
    ...(unanchored > 0 ? [`${unanchored} entries are newer than the last checkpoint of their case`] : []),
    signed === 0
      ? "none of them is signed"
      : `${signed} of them are signed${verified ? "" : ", which --public-key checks"}`,
    ...(late > 0 ? [`${late} checkpoints were made late: ask why the sweep did not run`] : []),
  ];
}

function lineOf(finding: Verification["findings"][number]): string {
  if ("hour" in finding) {
    const { damage, hour, case: name } = finding;
    return `${damage}: ${printableText([hour, name && `case ${name}`].filter(Boolean).join(", "), 400)}`;
  }
  if ("key" in finding) return `${finding.damage}: ${printableText(finding.key, 200)} in the audit bucket`;
  if ("file" in finding) return `${finding.damage}: ${printableText(finding.file, 100)}`;
  const { damage, line, case: name, seq, path } = finding;
  const place = [line && `entry ${line}`, name && `case ${name}`, seq && `seq ${seq}`, path].filter(Boolean).join(", ");
  return `${damage}: ${printableText(place, 400)}`;
}
