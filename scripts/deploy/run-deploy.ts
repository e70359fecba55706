import { existsSync } from "node:fs";
import { isUndirected, type PlaceScript, placesOf, runSealed } from "./at-places.ts";
import { argumentsOf, type DeployCommand } from "./command.ts";
import { printing, type Show } from "./shown.ts";
import { stageTemplate } from "./stage-template.ts";

/** Deploys to every place of the command, one after the other until one fails. Returns whether all of them succeeded. */
export async function runDeploy(command: DeployCommand): Promise<boolean> {
  const show = printing(command.json);
  if (!isUndirected(command.endpointUrl, show)) return false;
  if (!existsSync(command.stageFile)) return await withoutFile(command, show);
  const places = placesOf(command, show);
  if (places === undefined) return false;
  for (const [n, place] of places.entries()) {
    const { account, region } = place;
    if (places.length > 1)
      show({ kind: "place", account, region, text: `${n + 1} of ${places.length}: ${account}, ${region}` });
    if (await runSealed(scriptOf(command), place, command.endpointUrl, show)) continue;
    if (places.length > 1)
      show({ kind: "error", text: `${account}, ${region} failed; ${places.length - n - 1} are left as they were` });
    return false;
  }
  return true;
}

function scriptOf(command: DeployCommand): PlaceScript {
  return { file: "scripts/deploy-place.ts", argumentsFor: (place) => argumentsOf({ ...command, ...place }) };
}

/** Refuses, and prints a file to start from: filled from the running stack, if the shell's credentials can see one. */
async function withoutFile(command: DeployCommand, show: Show): Promise<boolean> {
  const { stage, stageFile, region = process.env["AWS_REGION"] || "us-east-1" } = command;
  const script = { file: "scripts/deploy-place.ts", argumentsFor: () => argumentsOf({ ...command, region }) };
  const filled = await runSealed(script, { account: "", region, profile: "none" }, command.endpointUrl, show);
  if (!filled) show({ kind: "text", text: stageTemplate({ stage, region }) });
  // At the end: the file fills a screen.
  show({
    kind: "error",
    text: `nothing was deployed: ${stageFile} does not exist. Write it with \`npm run deploy -- init --stage ${stage}\`, or start from the file above`,
  });
  return false;
}
