import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Metafile } from "esbuild";
import { checksumsFile, checksumsText } from "../../lib/release/checksums.ts";
import { placeholders, releasedTemplate } from "../../lib/release/released-template.ts";
import { witnessTemplateFile, witnessZipFile } from "../../lib/release/released-witness.ts";
import { bundleWithoutPolicy, bundleWitness, type FunctionName, functionNames, root } from "../bundle.ts";
import { developmentSettings } from "../deploy/settings.ts";
import { runOsls } from "../osls.ts";
import { oslsSettings } from "../osls-settings.ts";
import { zipOfFolder } from "../package.ts";

/**
 * Makes the stack of a release in `outDir`: a zip for each function, without a policy, the template without a stage, and their checksums.
 * `reprieve package` completes them. Beside them lies the witness, for `reprieve witness package`. Works in `workDir`. Returns how each function was bundled.
 */
export async function makeReleasedStack(
  outDir: string,
  workDir: string,
): Promise<Record<FunctionName | "witness", Metafile>> {
  const bundled = await bundleWithoutPolicy(workDir);
  const files: Record<string, Uint8Array | string> = {};
  for (const name of functionNames) {
    files[`${name}.zip`] = zipOfFolder(bundled[name].folder);
    writeFileSync(resolve(workDir, `${name}.zip`), files[`${name}.zip`] ?? "");
  }
  files["template.json"] = await makeTemplate(workDir, Object.keys(files));
  const witness = await bundleWitness(workDir);
  files[witnessZipFile] = zipOfFolder(witness.folder);
  files[witnessTemplateFile] = readFileSync(resolve(root, "witness/template.yml"), "utf8");
  mkdirSync(outDir, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(resolve(outDir, name), content);
  writeFileSync(resolve(outDir, checksumsFile), checksumsText(files));
  const metafiles = functionNames.map((name) => [name, bundled[name].metafile] as const);
  return { ...(Object.fromEntries(metafiles) as Record<FunctionName, Metafile>), witness: witness.metafile };
}

async function makeTemplate(artifactDir: string, zips: readonly string[]): Promise<string> {
  const stackDir = resolve(artifactDir, "stack");
  const { stage, ...policy } = placeholders;
  const settings = oslsSettings(developmentSettings);
  const args = ["--stage", stage, "--region", "us-east-1", "--package", stackDir];
  const derived = { deployer: "none", tableProtection: "on" };
  await runOsls({ step: "package", args, artifactDir, settings: { ...settings, ...policy, ...derived } });
  return releasedTemplate(readFileSync(resolve(stackDir, "cloudformation-template-update-stack.json"), "utf8"), zips);
}
