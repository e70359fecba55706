import { createColors } from "picocolors";
import { printableText } from "../../lib/domain/printable-text.ts";
import { InputError } from "../input-error.ts";
import type { Machine } from "../machine.ts";
import { writeReport } from "../report/write-report.ts";
import { type AuditCommand, auditUsage, readAuditCommand } from "./audit-command.ts";
import { noCheckpoints } from "./checkpoint-source.ts";
import { exportTrail } from "./export-trail.ts";
import { type Verification, verifyTrail } from "./verify-trail.ts";

/** Runs `reprieve audit ...`; answers the exit status. Throws an InputError. */
export async function runAudit(args: readonly string[], machine: Machine): Promise<0 | 1 | 2> {
  const command = readAuditCommand(args, machine.clock(), machine.region);
  switch (command.do) {
    case "help":
      machine.print(auditUsage);
      return 0;
    case "export":
      await exporting(command, machine);
      return 0;
    case "report":
      return (await reporting(command, machine)) ? 0 : 1;
    case "verify":
      return (await verifying(command, machine)) ? 0 : 1;
  }
}

async function exporting(command: AuditCommand & { readonly do: "export" }, machine: Machine): Promise<void> {
  const { out, from, to, table, stack } = command;
  const { region } = stack;
  const { green, dim } = createColors(machine.colours);
  const progress = (cases: number) => machine.progress(`${cases} cases`);
  const checkpoints = command.withCheckpoints ? await checkpointsOf(command, machine) : noCheckpoints;
  const options = { out, from, to, source: `${region} ${table}`, checkpoints, now: machine.clock(), progress };
  const { cases, entries, digest, ...more } = await exportTrail(machine.trails({ table, ...stack }), options).catch(
    (error: unknown) => {
      if (error instanceof InputError) throw error;
      throw new InputError(`the table \`${table}\` in ${region} cannot be read: ${whatOf(error)}`);
    },
  );
  machine.progress("");
  machine.print(
    `${green("✓")} ${cases} cases with ${entries} entries and ${more.checkpoints} checkpoints are in ${out}`,
  );
  machine.print(`${dim("  digest")} ${digest}`);
}

async function checkpointsOf({ stack, from, to }: AuditCommand & { readonly do: "export" }, machine: Machine) {
  try {
    return await machine.checkpoints(stack, from, to);
  } catch (error) {
    throw new InputError(
      `the checkpoints of \`${stack.stage}\` in ${stack.region} cannot be read: ${whatOf(error)}; to do without them: --without-checkpoints`,
    );
  }
}

async function reporting(command: AuditCommand & { readonly do: "report" }, machine: Machine): Promise<boolean> {
  const { folder, out } = command;
  const verified = await verifyTrail(folder, (entries) => machine.progress(`${entries} entries`));
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

async function verifying(command: AuditCommand & { readonly do: "verify" }, machine: Machine): Promise<boolean> {
  const { folder, digest, json } = command;
  const verified = await verifyTrail(folder, (entries) => machine.progress(`${entries} entries`));
  machine.progress("");
  const otherDigest = digest !== undefined && digest !== verified.digest;
  const whole = verified.found === 0 && !otherDigest;
  if (json) machine.print(JSON.stringify({ whole, otherDigest, ...verified }));
  else tell(verified, otherDigest, whole, machine);
  return whole;
}

function tell(verified: Verification, otherDigest: boolean, whole: boolean, machine: Machine): void {
  const { cases, entries, findings, found, digest } = verified;
  const { green, red, dim } = createColors(machine.colours);
  if (whole) {
    machine.print(`${green("✓")} whole: ${cases} cases, ${entries} entries, every link and every head holds`);
    for (const line of anchoredText(verified)) machine.print(dim(`  ${line}`));
    machine.print(`${dim("  digest")} ${digest}${dim("  compare it with the one that the export printed")}`);
    return;
  }
  if (otherDigest) machine.complain(`${red("✗")} the manifest is another one than the digest speaks of: ${digest}`);
  for (const finding of findings.slice(0, 20)) machine.complain(`${red("✗")} ${lineOf(finding)}`);
  if (found > 20) machine.complain(dim(`  and ${found - 20} more`));
}

/** What the checkpoints show, and what they do not. */
function anchoredText({ checkpoints: { count, late, span }, unanchored, entries }: Verification): readonly string[] {
  if (span === undefined)
    return ["no checkpoints: a case that was rewritten as a whole before the export would not be found"];
  const [first, last] = span;
  return [
    `${count} checkpoints, none missing between ${first} and ${last}: ${entries - unanchored} entries are as they were then`,
    ...(unanchored > 0 ? [`${unanchored} entries are newer than the last checkpoint of their case`] : []),
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

function whatOf(error: unknown): string {
  return printableText(error instanceof Error ? `${error.name}: ${error.message}` : String(error), 300);
}
