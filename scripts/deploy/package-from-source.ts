import { readdirSync, readFileSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import pc from "picocolors";
import type { PackageSourceOptions } from "../../cli/deploy/deployment-tools.ts";
import { functionNames, root } from "../bundle.ts";
import { packageStack, packageWitness } from "../package.ts";
import { policyFaults } from "./at-places.ts";
import { developmentSettings } from "./settings.ts";
import { printing } from "./shown.ts";
import { templateSize } from "./template-size.ts";

const outDir = resolve(root, ".build/package");

/**
 * Makes .build/package/<function>.zip and .build/package/stack with the CloudFormation template, without credentials or network, and with the settings of a
 * development stack: no mail, no Slack, GOVERNANCE for 400 days. Returns false, with the faults printed, for a policy with mistakes.
 */
export async function packageFromSource({ policy, stage, json }: PackageSourceOptions): Promise<boolean> {
  const faults = policyFaults(resolve(policy));
  for (const text of faults) printing(json === true)({ kind: "error", text });
  if (faults.length > 0) return false;
  const source = { policyFile: resolve(policy), stage, settings: developmentSettings, outDir };
  const { templateFile } = await packageStack(source);
  await packageWitness(outDir);
  const size = templateSize(readFileSync(templateFile, "utf8"));
  const template = relative(root, templateFile);
  const functions = [...functionNames, "witness"].map((name) => ({ name, ...sizesOf(name) }));
  if (json) {
    console.log(JSON.stringify({ ok: true, policy, stage, template, templateBytes: size.bytes, functions }));
    return true;
  }
  for (const { name, bundledBytes, zippedBytes } of functions)
    console.log(
      `${pc.green("✓")} ${name.padEnd(10)} ${kilobytes(bundledBytes)} bundled, ${kilobytes(zippedBytes)} zipped`,
    );
  const mark = { good: pc.green("✓"), large: pc.yellow("?"), "too large": pc.red("✗") }[size.verdict];
  console.log(`${mark} template   ${template}, ${size.found}`);
  return true;
}

function sizesOf(name: string) {
  const folder = resolve(outDir, name);
  const bundledBytes = readdirSync(folder).reduce((sum, file) => sum + statSync(resolve(folder, file)).size, 0);
  return { bundledBytes, zippedBytes: statSync(resolve(outDir, `${name}.zip`)).size };
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(0)} KB`;
}
