import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { zipOf } from "../lib/release/zip.ts";
import {
  bundleFunctions,
  bundleWitness,
  type FunctionName,
  functionNames,
  policyHashOf,
  readPolicyFile,
} from "./bundle.ts";
import type { StackSettings } from "./deploy/settings.ts";
import { runOsls } from "./osls.ts";
import { type OslsSettings, oslsSettings } from "./osls-settings.ts";
import type { Access } from "./sealed-environment.ts";

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
  /** ARN of the caller who deploys, for the record of the policy. */
  readonly deployer?: string;
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
function textsOf({ settings, policyFile, isNew = false, deployer = "none" }: StackSource): OslsSettings {
  const policy = readPolicyFile(policyFile);
  const policyFacts = { policyMode: policy.mode, policyHash: policyHashOf(policy) };
  return { ...oslsSettings(settings), ...policyFacts, deployer, tableProtection: isNew ? "off" : "on" };
}

/** Returns a zip of the files in `folder`. */
export function zipOfFolder(folder: string): Uint8Array {
  return zipOf(Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(resolve(folder, file))])));
}

/** Bundles and zips the witness into `outDir`, beside the stack, whose template does not have it. */
export async function packageWitness(outDir: string): Promise<void> {
  const { folder } = await bundleWitness(outDir);
  writeFileSync(resolve(outDir, "witness.zip"), zipOfFolder(folder));
}
