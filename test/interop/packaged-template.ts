import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { here } from "../../local/world/people.ts";
import { Template } from "../../local/world/template/template.ts";
import { root } from "../../scripts/bundle.ts";
import { developmentSettings } from "../../scripts/deploy/settings.ts";
import { packageStack } from "../../scripts/package.ts";

/** Packages the stack, and hands its template to `use` while the file is there. */
export async function withPackagedTemplate<Made>(
  use: (template: Template, templateFile: string) => Promise<Made>,
): Promise<Made> {
  const outDir = mkdtempSync(join(tmpdir(), "reprieve-interop-"));
  const policyFile = resolve(root, "policy/policy.yaml");
  try {
    const { templateFile } = await packageStack({ policyFile, stage: "dev", settings: developmentSettings, outDir });
    const urls = { queueUrl: (name: string) => name, apiUrl: () => "https://api.example" };
    return await use(new Template(templateFile, { ...here, ...urls }), templateFile);
  } finally {
    rmSync(outDir, { recursive: true });
  }
}
