import type { StoredTrail } from "../audit/export-trail.ts";
import { casesTableOf, type PlaceOptions, stackFrom } from "../aws-place.ts";
import { errorText } from "../error-text.ts";
import { InputError } from "../input-error.ts";
import type { Machine } from "../machine.ts";

/** Every chain of the stack that `place` names. Throws a UsageError, or an InputError where the table cannot be read. */
export async function trailsOf(place: PlaceOptions, machine: Machine): Promise<readonly StoredTrail[]> {
  const stack = stackFrom(place, machine.region);
  const table = casesTableOf(stack);
  const trails: StoredTrail[] = [];
  try {
    for await (const trail of machine.trails({ table, ...stack })) trails.push(trail);
  } catch (error) {
    const hint = place.local ? "; is `npm start` running?" : "";
    throw new InputError(`the table \`${table}\` in ${stack.region} cannot be read: ${errorText(error)}${hint}`);
  }
  return trails;
}
