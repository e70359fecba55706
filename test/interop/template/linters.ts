import { join } from "node:path";
import { pythonTools, runProgram } from "../cache.ts";
import type { Finding } from "./findings.ts";

export const versions = { cfnLint: "1.58.0", checkov: "3.3.30" };

interface LintMatch {
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Path: readonly (string | number)[] };
}

interface CheckovReport {
  readonly summary: { readonly parsing_errors: number };
  readonly results: { readonly failed_checks: readonly { readonly check_id: string; readonly resource: string }[] };
}

/** Runs cfn-lint with all its default rules. Throws where it does not answer in JSON. */
export async function cfnLintFindings(templateFile: string): Promise<readonly Finding[]> {
  const tools = pythonTools(`cfn-lint==${versions.cfnLint}`);
  const { stdout, stderr } = await runProgram(join(tools, "cfn-lint"), ["--format", "json", templateFile]);
  if (stdout === "") throw new Error(`cfn-lint: ${stderr}`);
  return (JSON.parse(stdout) as readonly LintMatch[]).map(({ Rule, Location }) => ({
    tool: "cfn-lint",
    rule: Rule.Id,
    resource: String(Location.Path[1] ?? "template"),
  }));
}

/** Runs checkov's rules for CloudFormation. Throws where it cannot read the template. */
export async function checkovFindings(templateFile: string): Promise<readonly Finding[]> {
  const tools = pythonTools(`checkov==${versions.checkov}`);
  const options = ["--framework", "cloudformation", "--output", "json", "--compact", "--quiet", "--skip-download"];
  const { stdout, stderr } = await runProgram(join(tools, "checkov"), ["--file", templateFile, ...options]);
  if (!stdout.startsWith("{")) throw new Error(`checkov: ${stdout}${stderr}`);
  const { summary, results } = JSON.parse(stdout) as CheckovReport;
  if (summary.parsing_errors > 0) throw new Error("checkov could not read the template");
  return results.failed_checks.map(({ check_id: rule, resource }) => ({
    tool: "checkov",
    rule,
    resource: resource.split(".").at(-1) ?? "",
  }));
}
