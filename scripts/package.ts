import { execFile } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { zipSync } from "fflate";
import pc from "picocolors";
import { isStage } from "../lib/domain/stack-place.ts";
import { bundleFunctions, type FunctionName, functionNames, PolicyFileError, root } from "./bundle.ts";
import { optionsOrUsage } from "./options.ts";

const usage = `usage: npm run package [-- --policy FILE] [--stage STAGE]

  --policy FILE   the policy to build in (default: policy/policy.yaml)
  --stage STAGE   the stage in the names of the stack (default: dev)

Makes .build/package/<function>.zip and .build/package/stack with the CloudFormation template, without credentials or network.`;

const packageDir = resolve(root, ".build/package");

/** A fixed date, so that two runs make the same bytes (zip knows no time before 1980). */
const buildDate = new Date("1980-01-01T12:00:00Z");

export interface PackagedStack {
  readonly templateFile: string;
  /** The folder of each function's bundle. */
  readonly bundles: Readonly<Record<FunctionName, string>>;
}

/** Bundles, zips and packages the stack into `outDir`. Throws a PolicyFileError for a policy with mistakes. */
export async function packageStack(options: {
  readonly policyFile: string;
  readonly stage: string;
  readonly outDir: string;
  /** Environment variables that serverless.yml reads, beside those of this process. */
  readonly parameters?: Readonly<Record<string, string>>;
}): Promise<PackagedStack> {
  const { policyFile, stage, outDir, parameters = {} } = options;
  const bundles = await bundleFunctions(policyFile, outDir);
  for (const name of functionNames) writeFileSync(resolve(outDir, `${name}.zip`), zipOf(bundles[name]));
  const stackDir = resolve(outDir, "stack");
  await runOsls(["package", "--stage", stage, "--package", stackDir], outDir, parameters);
  return { templateFile: resolve(stackDir, "cloudformation-template-update-stack.json"), bundles };
}

/** Deploys what `packageStack` left in `outDir`, with the AWS credentials of this machine; osls tells on the terminal how it goes. */
export async function deployPackaged({
  stage,
  region,
  outDir,
}: {
  stage: string;
  region: string;
  outDir: string;
}): Promise<void> {
  const args = ["deploy", "--stage", stage, "--region", region, "--package", resolve(outDir, "stack")];
  await runOsls(args, outDir, {}, "shown");
}

/** The files of `folder`, in the order of their names. */
function zipOf(folder: string): Uint8Array {
  const attributes = { mtime: buildDate, os: 3, attrs: 0o644 << 16 };
  const files = readdirSync(folder).sort();
  return zipSync(Object.fromEntries(files.map((file) => [file, [readFileSync(resolve(folder, file)), attributes]])));
}

/**
 * osls assembles in `.serverless` beside serverless.yml, so that two at once would mix their templates: each works on a copy of
 * its own.
 */
async function runOsls(
  args: readonly string[],
  artifactDir: string,
  parameters: Readonly<Record<string, string>>,
  output: "kept" | "shown" = "kept",
): Promise<void> {
  const serviceDir = resolve(artifactDir, "service");
  for (const part of ["serverless.yml", "resources"])
    cpSync(resolve(root, part), resolve(serviceDir, part), { recursive: true });
  const osls = resolve(root, "node_modules/osls/bin/serverless.js");
  const environment = {
    ...process.env,
    ...parameters,
    SLS_TELEMETRY_DISABLED: "1",
    SLS_NOTIFICATIONS_MODE: "off",
    SLS_DISABLE_AUTO_UPDATE: "1",
    CI: "1",
    REPRIEVE_ARTIFACT_DIR: artifactDir,
  };
  try {
    const running = promisify(execFile)(process.execPath, [osls, ...args], { cwd: serviceDir, env: environment });
    if (output === "shown") {
      running.child.stdout?.pipe(process.stdout);
      running.child.stderr?.pipe(process.stderr);
    }
    await running;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`osls ${args[0]} failed:\n${stdout}${stderr}`, { cause: error });
  } finally {
    rmSync(serviceDir, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const options = optionsOrUsage(usage, readOptions);
  let templateFile: string;
  try {
    ({ templateFile } = await packageStack({ ...options, outDir: packageDir }));
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
  console.log(`${pc.green("✓")} template   ${relative(root, templateFile)}`);
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
