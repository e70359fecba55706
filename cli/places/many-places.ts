import { createColors } from "picocolors";
import { InputError } from "../shell/input-error.ts";
import { progressBar } from "../shell/progress-bar.ts";
import type { Status } from "../shell/terminal.ts";
import { loadAccounts } from "./accounts-file.ts";
import { type PlaceOutcome, runAt } from "./at-place.ts";
import type { Place } from "./place.ts";
import type { PlacesContext } from "./places-context.ts";
import { chosenFrom, type PlacesOptions, paceFrom } from "./places-options.ts";
import { type JsonForm, printJsonOutcome, printOutcome, summaryText } from "./print-outcome.ts";
import { runPlaces } from "./run-places.ts";

/** What a command says of itself to be run at many places. */
export interface ManyPlaces {
  readonly json: JsonForm;
  /** Whether the work asks AWS nothing, and needs no credentials. */
  readonly isOffline?: boolean;
  /** How long (ms) nothing may come from a place: 60 s where nothing else is said. */
  readonly timeoutMs?: number;
  /** Returns whether a place is meant. */
  readonly concerns?: (place: Place) => boolean;
  /** Is called with each place's outcome, in the order of the file. */
  readonly onOutcome?: (place: Place, outcome: PlaceOutcome) => void;
}

const defaultTimeoutMs = 60_000;

/** From the least severe on: a place without a result may hide what the others do not have, but not what was found. */
const bySeverity: readonly Status[] = [0, 3, 2, 1];

/** Runs `work` at the places of the file, and prints what each finds. Returns the most severe status. Throws an InputError for a file with faults. */
export async function atManyPlaces<Context extends PlacesContext>(
  file: string,
  options: PlacesOptions & { readonly json?: true },
  context: Context,
  many: ManyPlaces,
  work: (context: Context, place: Place) => Promise<Status>,
): Promise<Status> {
  const { isOffline = false, timeoutMs: usual = defaultTimeoutMs, concerns = () => true } = many;
  const { parallel, timeoutMs } = paceFrom(options, usual);
  const places = chosenFrom(loadAccounts(file), options.only).filter(concerns);
  if (places.length === 0) throw new InputError("the accounts file names no place for this: no account and Region fit");
  const at = { context, signIn: isOffline ? undefined : await context.signIn(), timeoutMs, work };
  const tally = new Tally(places.length, options.json === true, context, many);
  const counted = async (place: Place) => {
    const outcome = await runAt(place, at);
    tally.countOne();
    return outcome;
  };
  tally.showProgress();
  await runPlaces(places, parallel, counted, (place, outcome) => tally.take(place, outcome));
  return tally.end();
}

/** Prints outcomes as they are delivered, and keeps what is left of them: who failed, and the most severe status. */
class Tally {
  readonly #places: number;
  readonly #json: boolean;
  readonly #context: PlacesContext;
  readonly #many: ManyPlaces;
  readonly #failed: string[] = [];
  #status: Status = 0;
  #done = 0;

  constructor(places: number, json: boolean, context: PlacesContext, many: ManyPlaces) {
    this.#places = places;
    this.#json = json;
    this.#context = context;
    this.#many = many;
  }

  showProgress(): void {
    this.#context.progress(progressBar(this.#done, this.#places, "places"));
  }

  countOne(): void {
    this.#done += 1;
    this.showProgress();
  }

  take(place: Place, outcome: PlaceOutcome): void {
    this.#context.progress("");
    if (this.#json) printJsonOutcome(place, outcome, this.#many.json, this.#context);
    else printOutcome(place, outcome, this.#context);
    this.#many.onOutcome?.(place, outcome);
    if (!outcome.ok) this.#failed.push(place.name);
    this.#status = worseOf(this.#status, outcome.ok ? outcome.status : 2);
    this.showProgress();
  }

  end(): Status {
    const { progress, print, colours } = this.#context;
    progress("");
    if (!this.#json) print(createColors(colours).dim(summaryText(this.#places, this.#failed)));
    return this.#status;
  }
}

function worseOf(one: Status, other: Status): Status {
  return bySeverity.indexOf(one) > bySeverity.indexOf(other) ? one : other;
}
