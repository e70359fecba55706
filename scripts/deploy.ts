import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import pc from "picocolors";
import { PolicyFileError, readPolicyFile, root } from "./bundle.ts";
import { readAccounts, slackOf } from "./deploy/accounts.ts";
import { type Cloud, createCloud } from "./deploy/cloud.ts";
import { type DeployCommand, readDeployCommand, usage } from "./deploy/command.ts";
import { nextSteps } from "./deploy/next-steps.ts";
import { lineOf, preflight } from "./deploy/preflight.ts";
import { previewed } from "./deploy/preview.ts";
import { deployPackaged, packageStack } from "./package.ts";

if (process.argv.includes("--help")) {
  console.log(usage);
  process.exit(0);
}
const read = readDeployCommand(process.argv.slice(2), process.env);
if (read.ok) {
  const { accounts } = read.command;
  const well = accounts === undefined ? await deploy(read.command) : deployEverywhere(read.command, accounts);
  process.exitCode = well ? 0 : 1;
} else {
  for (const fault of read.faults) console.error(`${pc.red("✗")} ${fault}`);
  console.error(`\n${usage}`);
  process.exitCode = 2;
}

/** Each place in a process of its own, with that profile's credentials. */
function deployEverywhere({ stage, policyFile, checkOnly, yes }: DeployCommand, accounts: string): boolean {
  const read = existsSync(accounts)
    ? readAccounts(readFileSync(accounts, "utf8"))
    : { ok: false as const, faults: ["there is no such file"] };
  if (!read.ok) {
    for (const fault of read.faults) console.error(`${pc.red("✗")} ${accounts}: ${fault}`);
    return false;
  }
  for (const [n, { profile, region, slackApp }] of read.places.entries()) {
    console.log(pc.bold(`\n${n + 1} of ${read.places.length}: ${profile}, ${region}`));
    const args = ["--stage", stage, "--region", region, "--policy", policyFile];
    const switches = [...(checkOnly ? ["--check"] : []), ...(yes ? ["--yes"] : [])];
    const { status } = spawnSync(process.execPath, [process.argv[1] ?? "", ...args, ...switches], {
      stdio: "inherit",
      env: { ...process.env, AWS_PROFILE: profile, AWS_REGION: region, ...slackOf(process.env, slackApp) },
    });
    if (status === 0) continue;
    console.error(pc.red(`${profile}, ${region} failed; ${read.places.length - n - 1} are left as they were`));
    return false;
  }
  return true;
}

async function deploy(command: DeployCommand): Promise<boolean> {
  const { stage, region, checkOnly } = command;
  const stackName = `reprieve-${stage}`;
  const mode = modeOf(command.policyFile);
  if (mode === undefined) return false;
  console.log(lineOf({ what: "policy", verdict: "good", found: `${command.policyFile}, ${mode}` }));
  const cloud = createCloud(region);
  const checks = await preflight(cloud, { stackName, region, stage });
  for (const check of checks) console.log(lineOf(check));
  if (checks.some(({ verdict }) => verdict === "bad")) {
    console.error(pc.red("nothing was deployed"));
    return false;
  }
  const outDir = resolve(root, ".build/package");
  const { policyFile } = command;
  const packaged = await packageStack({ policyFile, stage, outDir, parameters: { AWS_REGION: region } });
  if (!(await showChanges(cloud, stackName, packaged.templateFile))) return false;
  if (checkOnly) return true;
  if (!command.yes && !(await confirmed(stackName, region))) return false;
  await deployPackaged({ stage, region, outDir });
  console.log(`\n${nextSteps(stage, region, await cloud.endpoint(stackName), mode)}`);
  return true;
}

/** `observe` or `enforce`; undefined for a policy that cannot be built in, and then says why. */
function modeOf(policyFile: string): "observe" | "enforce" | undefined {
  try {
    return readPolicyFile(policyFile).mode;
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error;
    console.error(`${pc.red("✗")} the policy cannot be built in:\n${error.message}`);
    return undefined;
  }
}

/** Shows what will change, and answers whether nothing is lost by it. */
async function showChanges(cloud: Cloud, stackName: string, templateFile: string): Promise<boolean> {
  const preview = await previewed(cloud, stackName, readFileSync(templateFile, "utf8"));
  console.log(`\n${preview.title}`);
  const colourOf = (line: string) => (line.startsWith("+") ? pc.green : line.startsWith("-") ? pc.red : pc.yellow);
  for (const line of preview.lines) console.log(`  ${colourOf(line)(line)}`);
  if (preview.loss) console.error(pc.red("nothing was deployed: records or evidence would be lost"));
  return !preview.loss;
}

async function confirmed(stackName: string, region: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`\nDeploy ${stackName} to ${region}? Type yes: `);
  terminal.close();
  return answer.trim() === "yes";
}
