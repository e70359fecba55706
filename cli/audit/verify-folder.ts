import { createColors } from "picocolors";
import { printableText } from "../../lib/domain/printable-text.ts";
import { progressBar } from "../shell/progress-bar.ts";
import { keepMemorySteady } from "../shell/steady-memory.ts";
import type { Terminal } from "../shell/terminal.ts";
import { signatureVerifier } from "../trail/public-key.ts";
import { type Verification, verifyTrail } from "../trail/verify-trail.ts";
import type { VerifyCommand } from "./audit-command.ts";

/** What a verification uses of the computer it runs on. */
export type VerifierContext = Pick<Terminal, "progress" | "colours" | "print" | "printError">;

/** Verifies the export in `folder` and prints the verdict; returns whether it is whole. Throws an InputError. */
export async function verifyFolder(
  folder: string,
  { digest, publicKey, json }: Omit<VerifyCommand, "source">,
  context: VerifierContext,
): Promise<boolean> {
  keepMemorySteady();
  const verifySignature = publicKey === undefined ? undefined : await signatureVerifier(publicKey);
  const verified = await verifyTrail(folder, progressOn(context), verifySignature);
  context.progress("");
  const otherDigest = digest !== undefined && digest !== verified.digest;
  const whole = verified.found === 0 && !otherDigest;
  if (json) context.print(JSON.stringify({ whole, otherDigest, ...verified }));
  else printVerdict(verified, { otherDigest, whole, signaturesVerified: verifySignature !== undefined }, context);
  return whole;
}

/** Returns what reports the progress of a verification. */
export function progressOn(context: VerifierContext) {
  return (entries: number, total: number) => context.progress(progressBar(entries, total, "entries"));
}

interface AuditVerdict {
  readonly otherDigest: boolean;
  readonly whole: boolean;
  readonly signaturesVerified: boolean;
}

function printVerdict(
  verified: Verification,
  { otherDigest, whole, signaturesVerified }: AuditVerdict,
  context: VerifierContext,
): void {
  const { cases, entries, findings, found, digest } = verified;
  const { green, red, dim } = createColors(context.colours);
  if (whole) {
    context.print(`${green("✓")} whole: ${cases} chains, ${entries} entries, every link and every head holds`);
    for (const line of anchoredText(verified, signaturesVerified)) context.print(dim(`  ${line}`));
    context.print(`${dim("  digest")} ${digest}${dim("  compare it with the one that the export printed")}`);
    return;
  }
  if (otherDigest)
    context.printError(`${red("✗")} digest mismatch: the manifest does not match --digest, its own is ${digest}`);
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
