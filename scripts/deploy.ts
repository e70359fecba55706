import { existsSync } from "node:fs";
import pc from "picocolors";
import { isUndirected, type PlaceScript, placesOf, printError, runSealed } from "./deploy/at-places.ts";
import { argumentsOf, type DeployCommand, readDeployCommand, usage } from "./deploy/command.ts";
import { stageTemplate } from "./deploy/stage-template.ts";

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
  if (!isUndirected(command.endpointUrl)) return false;
  if (!existsSync(command.stageFile)) return await withoutFile(command);
  const places = placesOf(command);
  if (places === undefined) return false;
  for (const [n, place] of places.entries()) {
    const { account, region } = place;
    if (places.length > 1) console.log(pc.bold(`\n${n + 1} of ${places.length}: ${account}, ${region}`));
    if (await runSealed(scriptOf(command), place, command.endpointUrl)) continue;
    if (places.length > 1)
      console.error(pc.red(`${account}, ${region} failed; ${places.length - n - 1} are left as they were`));
    return false;
  }
  return true;
}

function scriptOf(command: DeployCommand): PlaceScript {
  return { file: "scripts/deploy-place.ts", argumentsFor: (place) => argumentsOf({ ...command, ...place }) };
}

/** Refuses, and prints a file to start from: filled from the running stack, if the shell's credentials can see one. */
async function withoutFile(command: DeployCommand): Promise<boolean> {
  const { stage, stageFile, region = process.env["AWS_REGION"] || "us-east-1" } = command;
  printError(
    `${stageFile} does not exist; nothing is deployed with settings that no file states. Start from this one:`,
  );
  const script = { file: "scripts/deploy-place.ts", argumentsFor: () => argumentsOf({ ...command, region }) };
  const filled = await runSealed(script, { account: "", region, profile: "none" }, command.endpointUrl);
  if (!filled) console.log(stageTemplate({ stage, region }));
  return false;
}
