import pc from "picocolors";
import { isUndirected, type PlaceScript, placesOf, runSealed } from "./deploy/at-places.ts";
import { readVerifyCommand, type VerifyCommand, verifyArguments, verifyUsage } from "./deploy/verify-command.ts";
import { optionsOrUsage } from "./options.ts";

const command = optionsOrUsage(verifyUsage, () => readVerifyCommand(process.argv.slice(2)));
process.exitCode = (await verify(command)) ? 0 : 1;

/** Verifies every place, also after one that is bad. */
async function verify(command: VerifyCommand): Promise<boolean> {
  if (!isUndirected(command.endpointUrl)) return false;
  const places = placesOf(command) ?? [];
  const script: PlaceScript = {
    file: "scripts/verify-place.ts",
    argumentsFor: (place) => verifyArguments({ ...command, ...place }),
  };
  let passed = places.length > 0;
  for (const place of places) {
    console.log(pc.bold(`\nreprieve-${command.stage} in account ${place.account}, ${place.region}`));
    passed = (await runSealed(script, place, command.endpointUrl)) && passed;
  }
  return passed;
}
