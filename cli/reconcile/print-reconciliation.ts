import { createColors } from "picocolors";
import { printableText } from "../../lib/domain/printable-text.ts";
import type { DifferenceWeight } from "../../lib/domain/reconcile/classes.ts";
import type {
  Difference,
  Population,
  Reconciliation,
  ReconciliationVerdict,
  Voucher,
} from "../../lib/domain/reconcile/result.ts";
import { dateAndTime } from "../../lib/notices/words.ts";
import type { Terminal } from "../shell/terminal.ts";

export type PrintContext = Pick<Terminal, "colours" | "print" | "printError">;

const verdictTexts: Readonly<Record<ReconciliationVerdict, string>> = {
  complete: "complete",
  exceptions: "EXCEPTIONS",
  "not-proven": "not proven: nothing was found that contradicts the trail, but something needed for a proof is missing",
};

const mostShown = 40;

/** Prints the verdict, counts that add up, and what differs. */
export function printReconciliation(result: Reconciliation, context: PrintContext): void {
  const { verdict, population, changes, account, region, stack, from, to } = result;
  const { green, red, yellow, dim } = createColors(context.colours);
  const mark = { complete: green("✓"), exceptions: red("✗"), "not-proven": yellow("!") }[verdict];
  const print = verdict === "exceptions" ? context.printError : context.print;
  const why = verdict === "exceptions" ? `${exceptionsText(result)}; ` : "";
  const matched = `${population.matched} of ${population.events} deletions have exactly one case`;
  print(`${mark} ${verdictTexts[verdict]}: ${why}${matched}`);
  for (const line of [
    `account ${account}, ${region}, stack ${stack}, ${dateAndTime(from)} to ${dateAndTime(to)} UTC`,
    ...populationLines("deletions", population),
    ...(changes === undefined ? [] : populationLines("other changes", changes)),
    ...failedLines(result),
    ...coverageLines(result),
  ])
    context.print(dim(`  ${line}`));
  printDifferences(result, context);
  for (const { reason, count } of result.unread) context.print(dim(`  not used: ${count} times ${reason}`));
  context.print(`${dim("  export")} ${result.manifestSha256}${dim(`  ${exportTexts[result.export]}`)}`);
}

/** What is wrong need not be about deletions: all of them may have their case. */
function exceptionsText({ classes, export: verdict }: Reconciliation): string {
  const found = classes.filter(({ weight, count }) => weight === "exception" && count > 0);
  const inAll = found.reduce((sum, { count }) => sum + count, 0);
  const letters = found.map((each) => each.class).join(", ");
  const differing = inAll === 0 ? [] : [`${inAll} ${inAll === 1 ? "difference" : "differences"} in class ${letters}`];
  return [...(verdict === "damaged" ? ["the export is damaged"] : []), ...differing].join(", ");
}

const exportTexts: Readonly<Record<Reconciliation["export"], string>> = {
  whole: "whole and anchored",
  damaged: "DAMAGED: see audit verify",
  linked: "linked, not anchored: see audit verify",
};

/** `12 = 10 matched + 2 event without a case`. */
function populationLines(name: string, counts: Population): readonly string[] {
  const { events, matched, unmatched, duplicates, corrected, failed } = counts;
  const parts = [`${matched} matched`, ...unmatched.map(({ class: letter, count }) => `${count} in class ${letter}`)];
  const beside = [
    ...(duplicates > 0 ? [`${duplicates} delivered again`] : []),
    ...(corrected > 0 ? [`${corrected} corrected`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  return [`${name}: ${events} = ${parts.join(" + ")}${beside.length > 0 ? `; beside them ${beside.join(", ")}` : ""}`];
}

function failedLines({ failedCalls: { calls, recorded, counted } }: Reconciliation): readonly string[] {
  if (calls === 0 && recorded + counted === 0) return [];
  return [`failed deletions: ${calls}; on record ${recorded} one by one, ${counted} counted`];
}

function coverageLines({ coverage: { from, to, gaps }, vouchedBy }: Reconciliation): readonly string[] {
  if (from === undefined || to === undefined) return ["CloudTrail's digests vouch for no time"];
  const holes = gaps.length === 0 ? "no gap" : `${gaps.length} gaps in the time that has to be covered`;
  return [
    `CloudTrail's digests vouch for ${dateAndTime(from)} to ${dateAndTime(to)} UTC, ${holes}`,
    ...(vouchedBy === undefined ? [] : voucherLines(vouchedBy)),
  ];
}

/** Strangers may choose these names: only a person can say whether this is the trail that logs everything. */
function voucherLines({ trail, buckets, publicKeys }: Voucher): readonly string[] {
  return [
    `trail ${printableText(trail)} in ${printableText(buckets.join(", "))}`,
    `signed by ${publicKeys.join(", ")} (SHA-256 of the public keys)`,
  ];
}

function printDifferences({ classes, differences, differencesInAll }: Reconciliation, context: PrintContext): void {
  const { red, yellow, dim, bold } = createColors(context.colours);
  const marks: Readonly<Record<DifferenceWeight, string>> = {
    ...{ exception: red("✗"), unproven: yellow("!"), explain: yellow("?"), list: dim("-") },
  };
  let left = mostShown;
  for (const { class: letter, name, weight, count } of classes) {
    if (count === 0) continue;
    context.print(`${marks[weight]} ${bold(name)} (${letter}): ${count}`);
    const shown = differences.filter((each) => each.class === letter).slice(0, Math.max(3, left));
    for (const each of shown) context.print(`    ${differenceText(each)}`);
    left -= shown.length;
    if (shown.length < count) context.print(dim(`    and ${count - shown.length} more`));
  }
  if (differencesInAll > differences.length)
    context.print(dim(`  the first ${differences.length} of ${differencesInAll} differences are in the JSON`));
}

/** The name of the key first, then what differs, then where to look. */
function differenceText({ at, keyArn, chain, eventId, says }: Difference): string {
  const name = chain?.split("/").at(-1) ?? keyArn?.split("/").at(-1);
  const event = eventId === undefined ? "" : ` (event ${eventId})`;
  return `${name === undefined ? "" : `${name}: `}${says}${event}, ${dateAndTime(at)}`;
}
