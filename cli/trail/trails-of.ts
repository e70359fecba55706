import { errorText } from "../shell/error-text.ts";
import { InputError } from "../shell/input-error.ts";
import { casesTableOf, type PlaceOptions, stackFrom } from "../stack/aws-place.ts";
import { runningWorlds } from "../stack/local-world.ts";
import type { StoredTrail } from "./stored-trail.ts";
import type { TrailContext } from "./trail-context.ts";

/** Every chain of the stack that `place` names. Throws a UsageError, or an InputError where the table cannot be read. */
export async function trailsOf(place: PlaceOptions, context: TrailContext): Promise<readonly StoredTrail[]> {
  const stack = stackFrom(place, context);
  const table = casesTableOf(stack);
  const trails: StoredTrail[] = [];
  try {
    for await (const trail of context.trails({ table, ...stack })) trails.push(trail);
  } catch (error) {
    const hint =
      place.local && runningWorlds().length === 0
        ? "; no world of `npm start` runs on this machine as this user: start one, or name it with --endpoint-url http://127.0.0.1:PORT"
        : "";
    throw new InputError(`the table \`${table}\` in ${stack.region} cannot be read: ${errorText(error)}${hint}`, {
      cause: error,
    });
  }
  return trails;
}
