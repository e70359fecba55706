import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { root } from "../../../scripts/bundle.ts";
import { withPackagedTemplate } from "../packaged-template.ts";
import type { Outcome, Part } from "../part.ts";
import { comparedFindings, documentedFindings } from "./findings.ts";
import { cfnLintFindings, checkovFindings, versions } from "./linters.ts";

/** Lints the packaged template: the findings are those of docs/security-findings.md, no more and no fewer. */
export const template: Part = {
  name: "template",
  software: `cfn-lint ${versions.cfnLint}, checkov ${versions.checkov}`,
  run,
};

async function run(): Promise<Outcome> {
  const found = await withPackagedTemplate(async (_, file) => [
    ...(await cfnLintFindings(file)),
    ...(await checkovFindings(file)),
  ]);
  const documented = documentedFindings(readFileSync(resolve(root, "docs/security-findings.md"), "utf8"));
  const rules = new Set(documented.map(({ tool, rule }) => `${tool} ${rule}`));
  return { checks: comparedFindings(found, documented), deviations: [...rules] };
}
