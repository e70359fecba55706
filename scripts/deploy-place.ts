import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromEnv } from "@aws-sdk/credential-provider-env";
import { PolicyFileError, policyHashOf, readPolicyFile } from "./bundle.ts";
import { askAtTerminal } from "./deploy/ask-at-terminal.ts";
import { good, lineOf, unknown } from "./deploy/check.ts";
import { type Cloud, createCloud } from "./deploy/cloud.ts";
import { type DeployCommand, readDeployCommand } from "./deploy/command.ts";
import { deployTo } from "./deploy/deployment.ts";
import { loadStage } from "./deploy/load-stage.ts";
import { outcome } from "./deploy/outcome.ts";
import { printing } from "./deploy/shown.ts";
import { expiresTooSoon } from "./deploy/sign-in.ts";
import { afterFailure } from "./deploy/stack-state.ts";
import type { DeployPlace, StageFile } from "./deploy/stage-file.ts";
import { stageTemplate } from "./deploy/stage-template.ts";
import { OslsError } from "./osls.ts";
import { deployPackaged, packageStack, type StackSource } from "./package.ts";
import type { Access } from "./sealed-environment.ts";

// Run by deploy.ts, once per place, in an environment that holds the credentials to deploy with and nothing else of the machine's AWS configuration.
const failure = await run();
if (failure !== undefined) {
  printing(process.argv.includes("--json"))({ kind: "error", text: failure });
  process.exitCode = 1;
}

/** Returns what failed, or undefined. */
async function run(): Promise<string | undefined> {
  const read = readDeployCommand(process.argv.slice(2));
  if (!read.ok) return read.faults.join("\n");
  const { command } = read;
  const { stage, stageFile, account, region = "us-east-1", endpointUrl } = command;
  const access = { credentials: await fromEnv()(), region, ...(endpointUrl !== undefined && { endpointUrl }) };
  if (!existsSync(stageFile)) return await printTemplate(createCloud(access), stage, region);
  const loaded = loadStage(stage, stageFile);
  if (!loaded.ok) return loaded.faults.join("\n");
  const place = loaded.file.places.find((each) => each.account === account && each.region === region);
  if (place === undefined) return `${stageFile} was changed meanwhile: it no longer names ${account}, ${region}`;
  const outDir = mkdtempSync(join(tmpdir(), "reprieve-package-"));
  try {
    return await deploy(command, place, loaded.file, access, outDir);
  } catch (error) {
    if (error instanceof OslsError && error.step === "deploy")
      return await afterFailedDeployment(createCloud(access), `reprieve-${stage}`);
    if (error instanceof OslsError) return `nothing was deployed: ${error.message}`;
    if (error instanceof PolicyFileError)
      return `nothing was deployed: the policy cannot be built in:\n${error.message}`;
    throw error;
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

/** Packages into a folder of its own: what was shown is what is deployed, whatever else is packaged on this machine. */
async function deploy(command: DeployCommand, place: DeployPlace, file: StageFile, access: Access, outDir: string) {
  const { policyFile, places } = file;
  const policy = readPolicyFile(policyFile);
  const { mode } = policy;
  const show = printing(command.json);
  show({ kind: "check", ...good("policy", `${policyFile}, ${mode}`) });
  const source = { policyFile, stage: command.stage, settings: place.settings, region: access.region, outDir };
  let packaged: StackSource = source;
  const cloud = createCloud(access);
  return await deployTo(
    { command, place, mode, policyHash: policyHashOf(policy), policy, places },
    {
      cloud,
      makePackage: async (isNew) => {
        packaged = { ...source, isNew, deployer: (await cloud.caller()).arn };
        return readFileSync((await packageStack(packaged)).templateFile, "utf8");
      },
      // Standard output is for JSON alone.
      deployPackage: async () => await deployPackaged(packaged, access, command.json ? process.stderr : process.stdout),
      confirm,
      expiresTooSoon: () => expiresTooSoon(access.credentials, Date.now()),
      show,
    },
  );
}

/** Asks CloudFormation what happened to a deployment that failed. */
async function afterFailedDeployment(cloud: Cloud, stackName: string): Promise<string> {
  const stack = await outcome(cloud.stack(stackName));
  return stack.ok
    ? afterFailure(stackName, stack.value?.status)
    : `the deployment failed (see above), and what happened to ${stackName} is unknown: ${stack.why}`;
}

async function confirm(question: string): Promise<boolean> {
  const answer = await askAtTerminal(`\n${question} Type yes: `);
  return answer?.trim() === "yes";
}

/** Prints a stage file to start from, filled from the stack if it is running. */
async function printTemplate(cloud: Cloud, stage: string, region: string): Promise<string | undefined> {
  const found = await outcome(Promise.all([cloud.caller(), cloud.stack(`reprieve-${stage}`)]));
  if (!found.ok) console.error(lineOf(unknown("running stack", `cannot be read: ${found.why}`)));
  const [caller, running] = found.ok ? found.value : [];
  const account = caller !== undefined && { account: caller.account };
  console.log(stageTemplate({ stage, region, ...account, ...(running !== undefined && { running }) }));
  return undefined;
}
