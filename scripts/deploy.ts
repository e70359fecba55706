import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import pc from "picocolors";
import { readPolicyYaml } from "../lib/domain/policy-yaml.ts";
import { PolicyFileError, root } from "./bundle.ts";
import { changesBetween } from "./deploy/changes.ts";
import { type Cloud, createCloud } from "./deploy/cloud.ts";
import { type DeployCommand, readDeployCommand, usage } from "./deploy/command.ts";
import { nextSteps } from "./deploy/next-steps.ts";
import { lineOf, preflight } from "./deploy/preflight.ts";
import { deployPackaged, packageStack } from "./package.ts";

const read = readDeployCommand(process.argv.slice(2), process.env);
if (read.ok) process.exitCode = (await deploy(read.command)) ? 0 : 1;
else {
  for (const fault of read.faults) console.error(`${pc.red("✗")} ${fault}`);
  console.error(`\n${usage}`);
  process.exitCode = 2;
}

async function deploy(command: DeployCommand): Promise<boolean> {
  const { stage, region, checkOnly } = command;
  const stackName = `reprieve-${stage}`;
  const cloud = createCloud(region);
  const checks = await preflight(cloud, { stackName, region, stage });
  for (const check of checks) console.log(lineOf(check));
  if (checks.some(({ verdict }) => verdict === "bad")) {
    console.error(pc.red("nothing was deployed"));
    return false;
  }
  const outDir = resolve(root, ".build/package");
  const packaged = await packaging(command, outDir);
  if (packaged === undefined) return false;
  const mode = modeOf(command.policyFile);
  console.log(lineOf({ what: "policy", verdict: "good", found: `${command.policyFile}, ${mode}` }));
  await showChanges(cloud, stackName, packaged.templateFile);
  if (checkOnly) return true;
  if (!command.yes && !(await confirmed(stackName, region))) return false;
  await deployPackaged({ stage, region, outDir });
  console.log(`\n${nextSteps(stage, region, await endpointOf(stackName, region), mode)}`);
  return true;
}

async function packaging({ policyFile, stage, region }: DeployCommand, outDir: string) {
  try {
    return await packageStack({ policyFile, stage, outDir, parameters: { AWS_REGION: region } });
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error;
    console.error(`${pc.red("✗")} the policy cannot be built in:\n${error.message}`);
    return undefined;
  }
}

function modeOf(policyFile: string): "observe" | "enforce" {
  const policy = readPolicyYaml(readFileSync(policyFile, "utf8"));
  return policy.ok && policy.document.mode === "enforce" ? "enforce" : "observe";
}

async function showChanges(cloud: Cloud, stackName: string, templateFile: string): Promise<void> {
  const before = await cloud.template(stackName).catch(() => undefined);
  const changes = changesBetween(before, readFileSync(templateFile, "utf8"));
  console.log(
    `\n${before === undefined ? `${stackName} will be made` : `${stackName} will be changed`}: ${changes.length} resources`,
  );
  const colourOf = (change: string) =>
    change.startsWith("+") ? pc.green : change.startsWith("-") ? pc.red : pc.yellow;
  for (const change of changes) console.log(`  ${colourOf(change)(change)}`);
}

async function confirmed(stackName: string, region: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`\nDeploy ${stackName} to ${region}? Type yes: `);
  terminal.close();
  return answer.trim() === "yes";
}

async function endpointOf(stackName: string, region: string): Promise<string> {
  const { CloudFormationClient, DescribeStacksCommand } = await import("@aws-sdk/client-cloudformation");
  const { Stacks = [] } = await new CloudFormationClient({ region }).send(
    new DescribeStacksCommand({ StackName: stackName }),
  );
  return Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === "HttpApiUrl")?.OutputValue ?? "URL";
}
