import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createColors } from "picocolors";
import { printableText } from "../../lib/domain/printable-text.ts";
import { errorText } from "../error-text.ts";
import { removedAfter } from "../half-done.ts";
import { InputError } from "../input-error.ts";
import type { Machine } from "../machine.ts";
import { progressBar } from "../progress-bar.ts";
import { writeReport } from "../report/write-report.ts";
import { keepMemorySteady } from "../steady-memory.ts";
import type { ExportCommand, ReportCommand, StackToRead, VerifyCommand } from "./audit-command.ts";
import { noCheckpoints } from "./checkpoint-source.ts";
import { type Exported, exportTrail } from "./export-trail.ts";
import { signatureVerifier } from "./public-key.ts";
import { type Verification, verifyTrail } from "./verify-trail.ts";

/** Exports a trail, and prints its digest. Throws an InputError. */
export async function exporting(command: ExportCommand, machine: Machine) {
  const { green, dim } = createColors(machine.colours);
  const { cases, entries, digest, checkpoints } = await exportFrom(command, machine);
  machine.print(
    `${green("✓")} ${cases} chains (cases, pauses, permits) with ${entries} entries and ${checkpoints} checkpoints are in ${command.out}`,
  );
  machine.print(`${dim("  digest")} ${digest}`);
}

async function exportFrom({ out, from, to, of }: ExportCommand, machine: Machine): Promise<Exported> {
  const { table, stack, withCheckpoints } = of;
  const progress = (cases: number) => machine.progress(`${cases} chains`);
  const checkpoints = withCheckpoints ? await checkpointsOf(stack, from, to, machine) : noCheckpoints;
  const options = { out, from, to, source: `${stack.region} ${table}`, checkpoints, now: machine.clock(), progress };
  const exported = await exportTrail(machine.trails({ table, ...stack }), options).catch((error: unknown) => {
    if (error instanceof InputError) throw error;
    throw new InputError(`the table \`${table}\` in ${stack.region} cannot be read: ${errorText(error)}`);
  });
  machine.progress("");
  return exported;
}

async function checkpointsOf(stack: StackToRead["stack"], from: number, to: number, machine: Machine) {
  try {
    return await machine.checkpoints(stack, from, to);
  } catch (error) {
    throw new InputError(
      `the checkpoints of \`${stack.stage}\` in ${stack.region} cannot be read: ${errorText(error)}; to do without them: --without-checkpoints`,
    );
  }
}

/** Writes the report of an export; answers whether the export is whole. Throws an InputError. */
export async function reporting(command: ReportCommand, machine: Machine): Promise<boolean> {
  const { folder, out } = command;
  const verified = await verifyTrail(folder, shownBy(machine));
  machine.progress("");
  const { cases, leftOut } = await writeReport(folder, out, verified, machine.clock());
  const { green, red } = createColors(machine.colours);
  machine.print(`${green("✓")} ${out}/report.html and cases.csv: ${cases} cases`);
  if (verified.found > 0)
    machine.complain(
      `${red("✗")} the export is damaged in ${verified.found} places; ${leftOut} cases are left out, and the report says so`,
    );
  return verified.found === 0;
}

/** Verifies an export, or a live trail; answers whether it is whole. Throws an InputError. */
export async function verifying(command: VerifyCommand, machine: Machine): Promise<boolean> {
  const { of, digest, publicKey, json } = command;
  keepMemorySteady();
  const verifySignature = publicKey === undefined ? undefined : await signatureVerifier(publicKey);
  const progress = shownBy(machine);
  const verified =
    "folder" in of
      ? await verifyTrail(of.folder, progress, verifySignature)
      : await inFolder(async (out) => {
          await exportFrom({ out, from: 0, to: machine.clock() + 1, of }, machine);
          return await verifyTrail(out, progress, verifySignature);
        });
  machine.progress("");
  const otherDigest = digest !== undefined && digest !== verified.digest;
  const whole = verified.found === 0 && !otherDigest;
  if (json) machine.print(JSON.stringify({ whole, otherDigest, ...verified }));
  else tell(verified, { otherDigest, whole, signaturesVerified: verifySignature !== undefined }, machine);
  return whole;
}

function shownBy(machine: Machine) {
  return (entries: number, of: number) => machine.progress(progressBar(entries, of, "entries"));
}

/** What `work` makes of a folder that is gone afterwards: a live trail is exported and verified as any other. */
async function inFolder<Result>(work: (out: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "reprieve-audit-"));
  return await removedAfter(folder, async () => await work(join(folder, "export")));
}

interface Verdict {
  readonly otherDigest: boolean;
  readonly whole: boolean;
  readonly signaturesVerified: boolean;
}

function tell(verified: Verification, { otherDigest, whole, signaturesVerified }: Verdict, machine: Machine): void {
  const { cases, entries, findings, found, digest } = verified;
  const { green, red, dim } = createColors(machine.colours);
  if (whole) {
    machine.print(`${green("✓")} whole: ${cases} chains, ${entries} entries, every link and every head holds`);
    for (const line of anchoredText(verified, signaturesVerified)) machine.print(dim(`  ${line}`));
    machine.print(`${dim("  digest")} ${digest}${dim("  compare it with the one that the export printed")}`);
    return;
  }
  if (otherDigest) machine.complain(`${red("✗")} the manifest is another one than the digest speaks of: ${digest}`);
  for (const finding of findings.slice(0, 20)) machine.complain(`${red("✗")} ${lineOf(finding)}`);
  if (found > 20) machine.complain(dim(`  and ${found - 20} more`));
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
    const { damage, hour, case: of } = finding;
    return `${damage}: ${printableText([hour, of && `case ${of}`].filter(Boolean).join(", "), 400)}`;
  }
  if ("key" in finding) return `${finding.damage}: ${printableText(finding.key, 200)} in the audit bucket`;
  if ("file" in finding) return `${finding.damage}: ${printableText(finding.file, 100)}`;
  const { damage, line, case: name, seq } = finding;
  const place = [line && `entry ${line}`, name && `case ${name}`, seq && `seq ${seq}`].filter(Boolean).join(", ");
  return `${damage}: ${printableText(place, 400)}`;
}
