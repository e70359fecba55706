import { createColors } from "picocolors";
import { printableText } from "../../lib/domain/printable-text.ts";
import type { Terminal } from "../shell/terminal.ts";
import { policyOf } from "./compiled-policy.ts";
import { counted } from "./counted.ts";
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
