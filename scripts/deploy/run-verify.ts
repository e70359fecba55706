import type { DeploymentTools } from "../../cli/deploy/deployment-tools.ts";
import { InputError } from "../../cli/shell/input-error.ts";
import { isUndirected, type PlaceScript, placesOf, policyFaults, runSealed } from "./at-places.ts";
import { loadStage, stageFileOf } from "./load-stage.ts";
import { runPiped } from "./run-piped.ts";
import { printing } from "./shown.ts";
import { redirections } from "./sign-in.ts";
import { type VerifyCommand, verifyArguments } from "./verify-command.ts";

const verifyScript = "scripts/verify-place.ts";

/** Verifies every place, also after one that is bad. Returns whether all of them are good. */
export async function runVerify(command: VerifyCommand): Promise<boolean> {
  const show = printing(command.json);
  if (!isUndirected(command.endpointUrl, show)) return false;
  const places = placesOf(command, show) ?? [];
  const script: PlaceScript = {
    file: verifyScript,
    argumentsFor: (place) => verifyArguments({ ...command, ...place }),
  };
  let passed = places.length > 0;
  for (const place of places) {
    const { account, region } = place;
    show({ kind: "place", account, region, text: `reprieve-${command.stage} in account ${account}, ${region}` });
    passed = (await runSealed(script, place, command.endpointUrl, show)) && passed;
  }
  return passed;
}

/** Verifies one place that is signed in to. Throws an InputError for a stage file with faults, or one that does not name the place. */
export const verifyPlace: DeploymentTools["verifyPlace"] = async ({ file, canary = true, json = false }, at) => {
  const { stage, account, region, access } = at;
  const { endpointUrl } = access;
  const elsewhere = endpointUrl === undefined ? redirections(process.env) : [];
  if (elsewhere.length > 0) throw new InputError(`${elsewhere.join(", ")} is set: unset it to call AWS`);
  const stageFile = stageFileOf(stage, file);
  const loaded = loadStage(stage, stageFile);
  const faults = loaded.ok ? policyFaults(loaded.file.policyFile) : loaded.faults;
  if (!loaded.ok || faults.length > 0) throw new InputError(faults.join("; "));
  if (!loaded.file.places.some((place) => place.account === account && place.region === region))
    throw new InputError(`${stageFile} names no place in ${account} in ${region}`);
  const command = { stage, stageFile, account, region, withCanary: canary, json };
  const args = verifyArguments({ ...command, ...(endpointUrl !== undefined && { endpointUrl }) });
  return await runPiped(verifyScript, args, { region, ...access }, at);
};
