import type { Status } from "../shell/terminal.ts";
import type { ManyPlaces } from "./many-places.ts";
import type { Place } from "./place.ts";
import type { PlacesContext } from "./places-context.ts";
import { expectNoPlaces, type PlacesOptions } from "./places-options.ts";

/**
 * Runs a command once, or with --accounts at every place of the file: the same work in the context of each place. Returns its status, or the
 * most severe one of the places. Throws a UsageError, an InputError for a file with faults, and what `work` throws without --accounts.
 */
export async function everywhere<Context extends PlacesContext>(
  options: PlacesOptions & { readonly json?: true },
  context: Context,
  many: ManyPlaces,
  work: (context: Context, place?: Place) => Promise<Status>,
): Promise<Status> {
  if (options.accounts !== undefined)
    return await (await import("./many-places.ts")).atManyPlaces(options.accounts, options, context, many, work);
  expectNoPlaces(options);
  return await work(context);
}
