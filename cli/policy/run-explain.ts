import { createColors } from "picocolors";
import { principalOf } from "../../lib/domain/people/requester.ts";
import type { Facts, HeldBack } from "../../lib/domain/policy/decision.ts";
import { type Explanation, explain } from "../../lib/domain/policy/explain.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import { callPathText } from "../../lib/notices/words.ts";
import { InputError } from "../shell/input-error.ts";
import type { Terminal } from "../shell/terminal.ts";
import { changeInRecord } from "./change-facts.ts";
import { policyOf } from "./compiled-policy.ts";
import { deletionIn, type RecordedDeletion } from "./deletion-facts.ts";
import { printChange, printRules } from "./explained-rules.ts";
import { keyInOutput } from "./key-facts.ts";
import { textOf } from "./policy-file.ts";

export interface ExplainOptions {
  readonly event: string;
  readonly key?: string;
  readonly policy: string;
  readonly assumeMinAge?: true;
  readonly json?: true;
}

/** Prints every rule and condition for one deletion or other change. Throws an InputError for an event that is neither. */
export async function explaining(options: ExplainOptions, context: Terminal): Promise<void> {
  const { event, key, policy, json, assumeMinAge } = options;
  const known = key === undefined ? undefined : keyInOutput(await jsonOf(key));
  if (typeof known === "string") throw new InputError(`\`${key}\`: ${known}`);
  const record = await jsonOf(event);
  const change = changeInRecord(record, known);
  if (change !== undefined) return printChange(await policyOf(policy), change, options, context);
  const deletion = deletionIn(record, known);
  if (typeof deletion === "string") throw new InputError(`\`${event}\`: ${printableText(deletion, 300)}`);
  const facts: Facts = { ...deletion.facts, labelAge: assumeMinAge ? "assumed-old" : "not-seen" };
  const explained = explain(await policyOf(policy), facts);
  if (json) context.print(JSON.stringify({ facts, ...explained }));
  else printDecision(deletion, explained, context);
}

function printDecision(
  { request, facts }: RecordedDeletion,
  { verdict, rules, neverNeeded }: Explanation,
  context: Terminal,
): void {
  const { bold, cyan, yellow, dim } = createColors(context.colours);
  const { arn, usage } = facts.key;
  context.print(`${printableText(arn, 200)} (${printableText(usage ?? "", 60) || "usage unknown"})`);
  context.print(
    dim(`  deleted ${new Date(request.at).toISOString()} by ${printableText(principalOf(request.requester), 200)}`),
  );
  const how = callPathText(request);
  if (how !== "") context.print(dim(`  called ${printableText(how, 400)}`));
  printRules(rules, context);
  const decision = verdict.kind === "decided" ? verdict.decision : verdict.regardless;
  if (decision !== undefined) context.print(`${bold(decision.effect.outcome)} by ${cyan(decision.rule)}`);
  if (decision?.heldBack !== undefined) context.print(yellow(heldBackText(decision.heldBack)));
  if (verdict.kind === "needs") {
    const certain = decision === undefined ? "nothing is decided yet" : "that holds whatever they are";
    context.print(yellow(`the policy asks for ${verdict.facts.join(" and ")} (${certain}): give them by --key`));
  }
  if (neverNeeded.length > 0) context.print(dim(`never needed: ${neverNeeded.join(", ")}`));
  context.print(dim("✓ holds  ✗ fails  ? cannot be settled, can only lead to a restore  - not known"));
}

function heldBackText({ rule, condition }: HeldBack): string {
  return `${rule} rests on ${printableText(condition, 60)}, and no inventory says that it is old enough: see --assume-min-age`;
}

async function jsonOf(file: string): Promise<unknown> {
  const text = await textOf(file);
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError(`\`${printableText(file, 200)}\` is not JSON`);
  }
}
