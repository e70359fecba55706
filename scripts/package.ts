import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { zipSync } from "fflate";
import pc from "picocolors";
import { bundleFunctions, functionNames, PolicyFileError, root } from "./bundle.ts";

const usage = `usage: npm run package [-- --policy FILE] [--stage STAGE]

  --policy FILE   the policy to build in (default: policy/policy.yaml)
  --stage STAGE   the stage in the names of the stack (default: dev)

Makes .build/package/<function>.zip and .serverless/cloudformation-template-update-stack.json, without credentials or network.`;

const packageDir = resolve(root, ".build/package");
const templateFile = resolve(root, ".serverless/cloudformation-template-update-stack.json");

/** A fixed date, so that two runs make the same bytes (zip knows no time before 1980). */
const buildDate = new Date("1980-01-01T12:00:00Z");

/** Bundles, zips and packages the stack. Throws a PolicyFileError for a policy with mistakes. */
export async function packageStack(options: { policyFile: string; stage: string }): Promise<{ templateFile: string }> {
  const bundles = await bundleFunctions(options.policyFile, packageDir);
  for (const name of functionNames) {
    const zip = zipSync({
      "index.mjs": [readFileSync(bundles[name]), { mtime: buildDate, os: 3, attrs: 0o644 << 16 }],
    });
    writeFileSync(resolve(packageDir, `${name}.zip`), zip);
  }
  await runOsls(options.stage);
  return { templateFile };
}

async function runOsls(stage: string): Promise<void> {
  const osls = resolve(root, "node_modules/osls/bin/serverless.js");
  const environment = {
    ...process.env,
    SLS_TELEMETRY_DISABLED: "1",
    SLS_NOTIFICATIONS_MODE: "off",
    SLS_DISABLE_AUTO_UPDATE: "1",
    CI: "1",
  };
  try {
    await promisify(execFile)(process.execPath, [osls, "package", "--stage", stage], { cwd: root, env: environment });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`osls package failed:\n${stdout}${stderr}`, { cause: error });
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) {
    console.error(usage);
    process.exitCode = 2;
    return;
  }
  mkdirSync(packageDir, { recursive: true });
  try {
    await packageStack(options);
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error;
    console.error(pc.red("the policy cannot be built in:"));
    console.error(error.message);
    process.exitCode = 1;
    return;
  }
  for (const name of functionNames) {
    const size = (file: string) => `${(statSync(resolve(packageDir, file)).size / 1000).toFixed(0)} KB`;
    console.log(
      `${pc.green("✓")} ${name.padEnd(10)} ${size(`${name}/index.mjs`)} bundled, ${size(`${name}.zip`)} zipped`,
    );
  }
  console.log(`${pc.green("✓")} template   ${relative(root, templateFile)}`);
}

function readOptions(): { policyFile: string; stage: string } | undefined {
  try {
    const { values } = parseArgs({ options: { policy: { type: "string" }, stage: { type: "string" } } });
    const { policy = resolve(root, "policy/policy.yaml"), stage = "dev" } = values;
    return /^[a-z][a-z0-9-]{0,20}$/.test(stage) ? { policyFile: policy, stage } : undefined;
  } catch {
    return undefined;
  }
}

if (import.meta.main) await main();
