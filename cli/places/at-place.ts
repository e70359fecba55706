import { PlaceError } from "../shell/input-error.ts";
import type { Status } from "../shell/terminal.ts";
import type { Place } from "./place.ts";
import { type PlaceFailure, placeFailure } from "./place-failure.ts";
import type { Bounds, PlacesContext, SignIn } from "./places-context.ts";
import { withinBound } from "./time-bound.ts";

/** A line that a command printed at a place. */
export interface Printed {
  readonly to: "output" | "errors";
  readonly text: string;
}

/** What a command found at a place, or why there is nothing. */
export type PlaceOutcome =
  | { readonly ok: true; readonly status: Status; readonly printed: readonly Printed[] }
  | { readonly ok: false; readonly error: PlaceFailure; readonly printed: readonly Printed[] };

export interface AtPlace<Context> {
  readonly context: Context;
  /** Signs in; undefined for work that asks AWS nothing. */
  readonly signIn: SignIn | undefined;
  /** How long (ms) nothing may come from the place. */
  readonly timeoutMs: number;
  readonly work: (context: Context, place: Place) => Promise<Status>;
}

/**
 * Runs a command at one place: signed in there, and only if the credentials belong to the account that the file names. Never throws: what
 * is wrong with one place must not hide the others.
 */
export async function runAt<Context extends PlacesContext>(
  place: Place,
  { context, signIn, timeoutMs, work }: AtPlace<Context>,
): Promise<PlaceOutcome> {
  const printed: Printed[] = [];
  try {
    const status = await withinBound(timeoutMs, context.timer, async (bounds) => {
      const here = contextAt(context, place, bounds, printed);
      const signedIn = signIn && { access: await accessTo(place, signIn, bounds) };
      return await work({ ...here, ...signedIn }, place);
    });
    return { ok: true, status, printed };
  } catch (error) {
    // What is printed after its time is not part of it.
    return { ok: false, error: placeFailure(error, place), printed: [...printed] };
  }
}

/** Returns the context of the place: its Region and stage, and lines that are kept until it is their turn. */
function contextAt<Context extends PlacesContext>(
  context: Context,
  { region, stage, endpoint }: Place,
  { alive }: Bounds,
  printed: Printed[],
): Context {
  return {
    ...context,
    // The endpoint of the environment belongs to one stack.
    ...{ endpoint, region, stage, progress: alive },
    print: (text: string) => void printed.push({ to: "output", text }),
    printError: (text: string) => void printed.push({ to: "errors", text }),
  };
}

async function accessTo(place: Place, signIn: SignIn, bounds: Bounds) {
  const { credentials, account } = await signIn(place, bounds);
  if (account !== place.account)
    throw new PlaceError(
      "WrongAccount",
      `the credentials belong to account ${account}: nothing was asked; correct the profile, the role or the account`,
    );
  const { endpointUrl } = place;
  return { account, credentials, ...bounds, ...(endpointUrl !== undefined && { endpointUrl }) };
}
