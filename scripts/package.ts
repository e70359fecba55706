import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import pc from "picocolors";
import { isStage } from "../lib/domain/stack-place.ts";
import { zipOf } from "../lib/release/zip.ts";
import {
  bundleFunctions,
  type FunctionName,
  functionNames,
  PolicyFileError,
  policyHashOf,
  readPolicyFile,
  root,
} from "./bundle.ts";
import { developmentSettings, type StackSettings } from "./deploy/settings.ts";
import { templateSize } from "./deploy/template-size.ts";
import { optionsOrUsage } from "./options.ts";
import { runOsls } from "./osls.ts";
import type { Access } from "./sealed-environment.ts";

const usage = `usage: npm run package [-- --policy FILE] [--stage STAGE]

  --policy FILE   the policy to build in (default: policy/policy.yaml)
  --stage STAGE   the stage in the names of the stack (default: dev)

Makes .build/package/<function>.zip and .build/package/stack with the CloudFormation template, without credentials or network, and with the settings of a
development stack: no mail, no Slack, GOVERNANCE for 400 days. \`npm run deploy\` packages with the settings of the stage's file.`;

const packageDir = resolve(root, ".build/package");

export interface PackagedStack {
  readonly templateFile: string;
  /** The folder of each function's bundle. */
  readonly bundles: Readonly<Record<FunctionName, string>>;
}

/** A stack as it is to be packaged. */
export interface StackSource {
  readonly policyFile: string;
  readonly stage: string;
  readonly settings: StackSettings;
  readonly region?: string;
  readonly outDir: string;
  /** Whether the stack does not exist yet: its table takes deletion protection only once the creation has succeeded. */
  readonly isNew?: boolean;
}

/** Bundles, zips and packages the stack into `outDir`. Throws a PolicyFileError for a policy with mistakes. */
export async function packageStack(source: StackSource): Promise<PackagedStack> {
  const { policyFile, stage, region = "us-east-1", outDir } = source;
  const bundles = await bundleFunctions(policyFile, outDir);
  for (const name of functionNames) writeFileSync(resolve(outDir, `${name}.zip`), zipOfFolder(bundles[name]));
  const stackDir = resolve(outDir, "stack");
  const args = ["--stage", stage, "--region", region, "--package", stackDir];
  await runOsls({ step: "package", args, artifactDir: outDir, settings: textsOf(source) });
  return { templateFile: resolve(stackDir, "cloudformation-template-update-stack.json"), bundles };
}

/** Deploys what `packageStack` left in `outDir`, as `access` says; osls reports its progress to `progress`. */
export async function deployPackaged(
  source: StackSource,
  access: Access,
  progress: NodeJS.WritableStream,
): Promise<void> {
  const { stage, outDir } = source;
  const args = ["--stage", stage, "--region", access.region, "--package", resolve(outDir, "stack")];
  await runOsls({ step: "deploy", args, artifactDir: outDir, settings: textsOf(source), access, progress });
}

/** What serverless.yml reads: the settings, and the policy that is built in. */
function textsOf({ settings, policyFile, isNew = false }: StackSource): Record<string, string> {
  const policy = readPolicyFile(policyFile);
  const texts = Object.entries(settings).map(([name, value]) => [name, String(value)]);
  const policyFacts = { policyMode: policy.mode, policyHash: policyHashOf(policy) };
  return { ...Object.fromEntries(texts), ...policyFacts, tableProtection: isNew ? "off" : "on" };
}

/** Returns a zip of the files in `folder`. */
export function zipOfFolder(folder: string): Uint8Array {
  return zipOf(Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(resolve(folder, file))])));
}

async function main(): Promise<void> {
  const options = optionsOrUsage(usage, readOptions);
  let templateFile: string;
  try {
    ({ templateFile } = await packageStack({ ...options, settings: developmentSettings, outDir: packageDir }));
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error;
    console.error(pc.red("the policy cannot be built in:"));
    console.error(error.message);
    process.exitCode = 1;
    return;
  }
  for (const name of functionNames) {
    const folder = resolve(packageDir, name);
    const bundled = readdirSync(folder).reduce((sum, file) => sum + statSync(resolve(folder, file)).size, 0);
    const zipped = statSync(resolve(packageDir, `${name}.zip`)).size;
    console.log(`${pc.green("✓")} ${name.padEnd(10)} ${kilobytes(bundled)} bundled, ${kilobytes(zipped)} zipped`);
  }
  const size = templateSize(readFileSync(templateFile, "utf8"));
  const mark = { good: pc.green("✓"), large: pc.yellow("?"), "too large": pc.red("✗") }[size.verdict];
  console.log(`${mark} template   ${relative(root, templateFile)}, ${size.found}`);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(0)} KB`;
}

function readOptions(): { policyFile: string; stage: string } | undefined {
  const { values } = parseArgs({ options: { policy: { type: "string" }, stage: { type: "string" } } });
  const { policy = resolve(root, "policy/policy.yaml"), stage = "dev" } = values;
  return isStage(stage) ? { policyFile: policy, stage } : undefined;
}

if (import.meta.main) await main();
