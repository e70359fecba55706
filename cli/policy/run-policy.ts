import { createColors } from "picocolors";
import { principalOf } from "../../lib/domain/people/requester.ts";
import type { Facts, HeldBack } from "../../lib/domain/policy/decision.ts";
import { type Explanation, explain } from "../../lib/domain/policy/explain.ts";
import { labelDoubts } from "../../lib/domain/policy/label-age.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import { callPathText } from "../../lib/notices/words.ts";
import { InputError } from "../shell/input-error.ts";
import type { Terminal } from "../shell/terminal.ts";
import { policyOf } from "./compiled-policy.ts";
import { counted } from "./counted.ts";
import { deletionIn, type RecordedDeletion } from "./deletion-facts.ts";
import { keyInOutput } from "./key-facts.ts";
import { textOf } from "./policy-file.ts";
import { testPolicy } from "./run-tests.ts";
import { readCases } from "./test-file.ts";

/** The JSON Schema that lies beside the policy. */
export async function schema(): Promise<string> {
  const { default: json } = await import("../../policy/policy.schema.json", { with: { type: "json" } });
  return JSON.stringify(json, null, 2);
}

/** Described deletions and changes against a policy: 1 where one is decided otherwise than expected. */
export async function test(
  file: string,
  { policy, full, json }: { readonly policy: string; readonly full?: true; readonly json?: true },
  context: Terminal,
): Promise<0 | 1> {
  const report = testPolicy(await policyOf(policy), readCases(file, await textOf(file)));
  const { results, failed, neverExercised } = report;
  const status = failed > 0 || (full && neverExercised.length > 0) ? 1 : 0;
  if (json) {
    context.print(JSON.stringify({ file, policy, ...report }));
    return status;
  }
  const { green, red, yellow, dim } = createColors(context.colours);
  for (const { it, ok, expected, found } of results) {
    context.print(`${ok ? green("✓") : red("✗")} ${printableText(it, 200)}`);
    const wanted = `${expected.outcome}${expected.rule === undefined ? "" : ` by ${expected.rule}`}`;
    const { outcome, rule, doubt } = found;
    const open = doubt === undefined ? "" : ` (\`${doubt.rule}\` may match: nothing settles ${doubt.condition})`;
    if (!ok) context.print(dim(`    expected ${printableText(wanted, 100)}, found ${outcome} by ${rule}${open}`));
  }
  for (const rule of neverExercised) context.print(`${yellow("!")} no case exercises ${rule}`);
  context.print(`${results.length - failed} of ${counted(results.length, "case")} as expected`);
  return status;
}

export interface ExplainOptions {
  readonly event: string;
  readonly key?: string;
  readonly policy: string;
  readonly assumeMinAge?: true;
  readonly json?: true;
}

/** Every rule and condition for one deletion. Throws an InputError for what is no deletion. */
export async function explaining(options: ExplainOptions, context: Terminal): Promise<void> {
  const { event, key, policy, json, assumeMinAge } = options;
  const known = key === undefined ? undefined : keyInOutput(await jsonOf(key));
  if (typeof known === "string") throw new InputError(`\`${key}\`: ${known}`);
  const deletion = deletionIn(await jsonOf(event), known);
  if (typeof deletion === "string") throw new InputError(`\`${event}\`: ${printableText(deletion, 300)}`);
  const facts: Facts = { ...deletion.facts, labelAge: assumeMinAge ? "assumed-old" : "not-seen" };
  const explained = explain(await policyOf(policy), facts);
  if (json) context.print(JSON.stringify({ facts, ...explained }));
  else printDecision(deletion, explained, context);
}

const matchTexts = new Map([
  ["yes", "matches"],
  ["no", "does not match"],
  ["open", "stays open"],
]);

function printDecision(
  { request, facts }: RecordedDeletion,
  { verdict, rules, neverNeeded }: Explanation,
  context: Terminal,
): void {
  const { bold, cyan, green, red, yellow, dim } = createColors(context.colours);
  const { arn, usage } = facts.key;
  context.print(`${printableText(arn, 200)} (${printableText(usage ?? "", 60) || "usage unknown"})`);
  context.print(
    dim(`  deleted ${new Date(request.at).toISOString()} by ${printableText(principalOf(request.requester), 200)}`),
  );
  const how = callPathText(request);
  if (how !== "") context.print(dim(`  called ${printableText(how, 400)}`));
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
