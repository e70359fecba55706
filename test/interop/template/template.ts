import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { root } from "../../../scripts/bundle.ts";
import { developmentSettings } from "../../../scripts/deploy/settings.ts";
import { packageStack } from "../../../scripts/package.ts";
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
  const outDir = mkdtempSync(join(tmpdir(), "reprieve-interop-"));
  const policyFile = resolve(root, "policy/policy.yaml");
  try {
    const { templateFile } = await packageStack({ policyFile, stage: "prod", settings: developmentSettings, outDir });
    const found = [...(await cfnLintFindings(templateFile)), ...(await checkovFindings(templateFile))];
    const documented = documentedFindings(readFileSync(resolve(root, "docs/security-findings.md"), "utf8"));
    const rules = new Set(documented.map(({ tool, rule }) => `${tool} ${rule}`));
    return { checks: comparedFindings(found, documented), deviations: [...rules] };
  } finally {
    rmSync(outDir, { recursive: true });
  }
}
