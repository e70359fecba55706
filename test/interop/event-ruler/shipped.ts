import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { here } from "../../../local/world/people.ts";
import { Template } from "../../../local/world/template/template.ts";
import { root } from "../../../scripts/bundle.ts";
import { developmentSettings } from "../../../scripts/deploy/settings.ts";
import { packageStack } from "../../../scripts/package.ts";

/** Returns the event pattern of every rule in the packaged template. */
export async function shippedPatterns(): Promise<readonly unknown[]> {
  const outDir = mkdtempSync(join(tmpdir(), "reprieve-interop-"));
  const policyFile = resolve(root, "policy/policy.yaml");
  try {
    const { templateFile } = await packageStack({ policyFile, stage: "dev", settings: developmentSettings, outDir });
    const urls = { queueUrl: (name: string) => name, apiUrl: () => "https://api.example" };
    const rules = new Template(templateFile, { ...here, ...urls }).ofType("AWS::Events::Rule");
    return rules.map(({ properties }) => properties["EventPattern"]);
  } finally {
    rmSync(outDir, { recursive: true });
  }
}
