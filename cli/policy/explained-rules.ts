import { createColors } from "picocolors";
import { principalOf } from "../../lib/domain/people/requester.ts";
import type { ExplainedRule } from "../../lib/domain/policy/explain.ts";
import { type ExplainedChange, explainChange } from "../../lib/domain/policy/explain-change.ts";
import type { JudgedChange } from "../../lib/domain/policy/judge-change.ts";
import { labelDoubts } from "../../lib/domain/policy/label-age.ts";
import type { Policy } from "../../lib/domain/policy/policy.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import { callPathText } from "../../lib/notices/words.ts";
import type { Terminal } from "../shell/terminal.ts";
import { type ChangeInRecord, judgedChange } from "./change-facts.ts";

const matchTexts = new Map([
  ["yes", "matches"],
  ["no", "does not match"],
  ["open", "stays open"],
]);

/** Prints rules with their conditions; the one that decides is marked. */
export function printRules(rules: readonly ExplainedRule[], context: Terminal): void {
  const { bold, cyan, green, red, yellow, dim } = createColors(context.colours);
  const marks = new Map([
    ["yes", green("✓")],
    ["no", red("✗")],
    ...["contested", ...labelDoubts].map((doubt) => [doubt, yellow("?")] as const),
  ]);
  for (const { id, outcome, conditions, decides, matches } of rules) {
    const all = conditions
      .map(({ name, answer }) => `${marks.get(answer) ?? dim("-")} ${printableText(name, 60)}`)
      .join("  ");
    context.print(
      `${decides ? cyan("→") : " "} ${decides ? bold(id) : id} ${dim(`(${outcome}, ${matchTexts.get(matches)})`)}\n      ${all || "no conditions"}`,
    );
  }
}

/** Prints why `policy` says of a change what it says, as far as its record tells; with `json` as one object. */
export function printChange(
  policy: Policy,
  inRecord: ChangeInRecord,
  { json }: { readonly json?: true },
  context: Terminal,
): void {
  const change = judgedChange(policy, inRecord);
  const explained = explainChange(policy, change);
  const { facts, operation, weight } = change;
  if (json) context.print(JSON.stringify({ facts, operation, weight, ...explained }));
  else printJudged(change, explained, inRecord, context);
}

function printJudged(
  { facts, operation, weight }: JudgedChange,
  { verdict, rules }: ExplainedChange,
  { recorded, subject }: ChangeInRecord,
  context: Terminal,
): void {
  const { bold, cyan, yellow, dim } = createColors(context.colours);
  context.print(`${operation}: ${printableText(subject, 200)}`);
  const requester = printableText(principalOf(recorded.requester), 200);
  context.print(dim(`  ${recorded.call.name} at ${new Date(recorded.at).toISOString()} by ${requester}`));
  const how = callPathText(recorded);
  if (how !== "") context.print(dim(`  called ${printableText(how, 400)}`));
  for (const [name, values = []] of Object.entries(facts.change ?? {}))
    context.print(dim(`  change.${name}: ${printableText(values.join(", ") || "nothing", 300)}`));
  printRules(rules, context);
  context.print(
    `${bold(verdict.outcome)} by ${cyan(verdict.rule)}${dim(verdict.rule === "none" ? ` (${weight})` : "")}`,
  );
  if (verdict.doubt !== undefined)
    context.print(yellow(`${verdict.doubt.rule} may match, and nothing settles ${verdict.doubt.condition}`));
  context.print(dim("judged by the record alone: labels, other keys and the state before are not known"));
}
