import { type Command, Option } from "commander";
import { quoted } from "../../lib/domain/printable-text.ts";
import { UsageError } from "../shell/input-error.ts";

/** Options of a command that takes `--accounts`. */
export interface PlacesOptions {
  readonly accounts?: string;
  readonly parallel?: string;
  readonly only?: string;
  readonly timeout?: string;
}

/** Options that name one stack, by attribute name. */
export const stackOptions = ["stage", "region", "endpointUrl", "local"] as const;

/** How places are gone through. */
export interface Pace {
  readonly parallel: number;
  readonly timeoutMs: number;
}

/** Returns `command` with the options that name many places; those in `instead`, by attribute name, name one. */
export function ofAccounts(command: Command, instead: readonly string[] = stackOptions): Command {
  return command
    .addOption(
      new Option(
        "--accounts <file>",
        "run at every place of this file (deploy/accounts.example.yaml) or stage file",
      ).conflicts([...instead]),
    )
    .option("--only <names>", "with --accounts: only these places, separated by commas")
    .option("--parallel <n>", "with --accounts: places at the same time, 1 to 16 (default: 4)")
    .option(
      "--timeout <seconds>",
      "with --accounts: give up a place that does not answer for so long (default: 60; verify-deployment: 1200)",
    );
}

/** Returns the pace that the options ask for. Throws a UsageError. */
export function paceFrom({ parallel, timeout }: PlacesOptions, defaultTimeoutMs: number): Pace {
  return {
    parallel: wholeFrom(parallel ?? "4", "--parallel", 16),
    timeoutMs: timeout === undefined ? defaultTimeoutMs : wholeFrom(timeout, "--timeout", 86_400) * 1000,
  };
}

/** Throws a UsageError for an option that means nothing without --accounts. */
export function expectNoPlaces(options: PlacesOptions): void {
  for (const name of ["only", "parallel", "timeout"] as const)
    if (options[name] !== undefined) throw new UsageError(`expected --accounts FILE with --${name}`);
}

/** Returns those of `places` that --only names, in the order of the file. Throws a UsageError for a name that no place has. */
export function chosenFrom<Place extends { readonly name: string }>(
  places: readonly Place[],
  only: string | undefined,
): readonly Place[] {
  if (only === undefined) return places;
  const names = new Set(only.split(",").map((name) => name.trim()));
  const known = new Set(places.map(({ name }) => name));
  const unknown = [...names].find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new UsageError(`expected names of the file's places for --only, found ${quoted(unknown)}`);
  return places.filter(({ name }) => names.has(name));
}

function wholeFrom(text: string, option: string, max: number): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= max) return number;
  throw new UsageError(`expected a whole number from 1 to ${max} for ${option}, found ${quoted(text)}`);
}
