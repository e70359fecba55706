import { createColors } from "picocolors";
import type { Verdict } from "../../lib/domain/log/finding.ts";
import { dateAndTime } from "../../lib/notices/words.ts";
import type { Terminal } from "../shell/terminal.ts";
import { findingText } from "../trail/finding-text.ts";
import type { Verification } from "../trail/verify-trail.ts";

/** What a verification uses of the computer it runs on. */
export type VerifierContext = Pick<Terminal, "progress" | "colours" | "print" | "printError">;

const verdictTexts: Readonly<Record<Verdict, string>> = {
  whole: "whole and anchored",
  damaged: "DAMAGED",
  linked: "linked, not anchored: nothing was found changed, but that is not proven",
};

/** Prints a verdict, what it covers, and what was found. */
export function printVerification(verified: Verification, context: VerifierContext): void {
  const { verdict, findings, found, digest } = verified;
  const { green, red, yellow, dim } = createColors(context.colours);
  const sign = { whole: green("✓"), damaged: red("✗"), linked: yellow("!") }[verdict];
  const print = verdict === "damaged" ? context.printError : context.print;
  print(`${sign} ${verdictTexts[verdict]}${verdict === "whole" ? ` for ${timeText(verified)}` : ""}`);
  for (const finding of findings.slice(0, 20)) print(`  ${sign} ${findingText(finding)}`);
  if (found > 20) print(dim(`  and ${found - 20} more`));
  for (const line of summaryOf(verified)) context.print(dim(`  ${line}`));
  context.print(`${dim("  digest")} ${digest}${dim("  compare it with the one that the export printed")}`);
}

function summaryOf({ objects, entries, chains, root, anchor, unlogged }: Verification): readonly string[] {
  return [
    `${objects} objects, ${entries} entries of ${chains} chains, root ${root}`,
    anchor === undefined ? "no checkpoint" : `the last checkpoint covers ${anchor.size} entries`,
    ...(unlogged === 0 ? [] : [`${unlogged} entries of the table are not logged yet`]),
  ];
}

function timeText({ covered }: Verification): string {
  const [first = 0, last = 0] = covered ?? [];
  return `${dateAndTime(first)} to ${dateAndTime(last)} UTC`;
}
