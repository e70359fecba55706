import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import pc from "picocolors";
import { root } from "./bundle.ts";
import { argumentsOf, type DeployCommand, readDeployCommand, usage } from "./deploy/command.ts";
import { loadStage } from "./deploy/load-stage.ts";
import { outcome } from "./deploy/preflight.ts";
import { redirections, resolveCredentials } from "./deploy/sign-in.ts";
import type { Place } from "./deploy/stage-file.ts";
import { stageTemplate } from "./deploy/stage-template.ts";
import { sealedEnvironment } from "./sealed-environment.ts";

if (process.argv.includes("--help")) {
  console.log(usage);
  process.exit(0);
}
const read = readDeployCommand(process.argv.slice(2));
if (read.ok) {
  process.exitCode = (await deploy(read.command)) ? 0 : 1;
} else {
  for (const fault of read.faults) printError(fault);
  console.error(`\n${usage}`);
  process.exitCode = 2;
}

async function deploy(command: DeployCommand): Promise<boolean> {
  const elsewhere = redirections(process.env);
  if (elsewhere.length > 0 && command.endpointUrl === undefined) {
    printError(`${elsewhere.join(", ")} is set: unset it to deploy to AWS, or name the emulator with --endpoint-url`);
    return false;
  }
  const { stageFile } = command;
  if (!existsSync(stageFile)) return await withoutFile(command);
  const places = placesOf(command);
  if (places === undefined) return false;
  for (const [n, { account, region, profile }] of places.entries()) {
    if (places.length > 1) console.log(pc.bold(`\n${n + 1} of ${places.length}: ${account}, ${region}`));
    if (await inSealedProcess({ ...command, account, region }, profile, region)) continue;
    if (places.length > 1)
      console.error(pc.red(`${account}, ${region} failed; ${places.length - n - 1} are left as they were`));
    return false;
  }
  return true;
}

/** The places that the command is for, or undefined with every fault printed. */
function placesOf({ stage, stageFile, account, region }: DeployCommand): readonly Place[] | undefined {
  const read = loadStage(stage, stageFile);
  if (!read.ok) {
    read.faults.forEach(printError);
    return undefined;
  }
  const places = read.file.places.filter(
    (place) => place.account === (account ?? place.account) && place.region === (region ?? place.region),
  );
  if (places.length > 0) return places;
  printError(
    `${stageFile} names no place${account === undefined ? "" : ` in ${account}`}${region === undefined ? "" : ` in ${region}`}`,
  );
  return undefined;
}

/** Refuses, and prints a file to start from: filled from the running stack, if the shell's credentials can see one. */
async function withoutFile(command: DeployCommand): Promise<boolean> {
  const { stage, stageFile, region = process.env["AWS_REGION"] || "us-east-1" } = command;
  printError(
    `${stageFile} does not exist; nothing is deployed with settings that no file states. Start from this one:`,
  );
  const filled = await inSealedProcess({ ...command, region }, "none", region);
  if (!filled) console.log(stageTemplate({ stage, region }));
  return false;
}

/** Runs `deploy-place.ts` in an environment that holds the credentials of the profile and nothing else of this machine's AWS configuration. */
async function inSealedProcess(command: DeployCommand, profile: string, region: string): Promise<boolean> {
  const credentials = await outcome(resolveCredentials(profile));
  if (!credentials.ok) {
    const login = `aws sso login${profile === "none" ? "" : ` --profile ${profile}`}`;
    printError(`no credentials: ${credentials.why}: sign in with \`${login}\`, or set AWS_PROFILE`);
    return false;
  }
  const { endpointUrl } = command;
  const access = { credentials: credentials.value, region, ...(endpointUrl !== undefined && { endpointUrl }) };
  const home = mkdtempSync(join(tmpdir(), "reprieve-deploy-"));
  try {
    const args = [resolve(root, "scripts/deploy-place.ts"), ...argumentsOf(command)];
    const env = sealedEnvironment(process.env, home, access);
    return spawnSync(process.execPath, args, { stdio: "inherit", env }).status === 0;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function printError(text: string): void {
  console.error(`${pc.red("✗")} ${text}`);
}
