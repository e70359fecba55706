import { isUndirected, type PlaceScript, placesOf, runSealed } from "./at-places.ts";
import { printing } from "./shown.ts";
import { type VerifyCommand, verifyArguments } from "./verify-command.ts";

/** Verifies every place, also after one that is bad. Returns whether all of them are good. */
export async function runVerify(command: VerifyCommand): Promise<boolean> {
  const show = printing(command.json);
  if (!isUndirected(command.endpointUrl, show)) return false;
  const places = placesOf(command, show) ?? [];
  const script: PlaceScript = {
    file: "scripts/verify-place.ts",
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
