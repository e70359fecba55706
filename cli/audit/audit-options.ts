import { join } from "node:path";
import type { Command } from "commander";
import type { Place } from "../places/place.ts";
import type { PlacesContext } from "../places/places-context.ts";
import type { PlacesOptions } from "../places/places-options.ts";
import { casesTableOf, type PlaceDefaults, type PlaceOptions, stackFrom } from "../stack/aws-place.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import { expectedFrom, type KeyOptions } from "./asked.ts";
import type { Expected, StackToRead } from "./audit-command.ts";

/** What the commands of the audit trail use. */
export type AuditContext = TrailContext & PlacesContext;

/** Options of a command that answers at one place or many. */
export type AnswerOptions = PlacesOptions & { readonly json?: true };

/** Options that are of one log alone. */
export const oneLog = ["key", "since"] as const;

/** Returns what the log of a place is checked against: the key that the file gives, and the witnesses of all. */
export function expectedAt({ key }: Place, { witness }: KeyOptions): Expected {
  return expectedFrom({ key, witness });
}

/** Returns the folder of a place below that of all, or `folder` itself without a place. */
export function folderOf(folder: string, place: Place | undefined): string {
  return place === undefined ? folder : join(folder, place.name);
}

/** Returns `command` with --json. */
export function asJson(command: Command): Command {
  return command.option("--json", "answer with one JSON object");
}

/** Returns `command` with the options that name a stretch of time. */
export function forTime(command: Command): Command {
  return command
    .option("--from <date>", "such as 2026-07-01, in UTC (default: the beginning)")
    .option("--to <date>", "the first day that is not part of it (default: the end of the log)");
}

/** Returns `command` with the options that name what a log is checked against. */
export function withKeys(command: Command): Command {
  return command
    .option("--key <vkey>", "the verifier key that has to have signed the log: name+id+base64")
    .option(
      "--witness <vkey>",
      "the verifier key of a witness that has to have signed it too; may be repeated",
      repeated,
    )
    .option("--since <file>", "a checkpoint that you kept: the log has to begin with it");
}

/** Collects the values of an option that may be repeated. Not a list: it would take the argument after it too. */
export function repeated(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Returns the stack that the options name, with its table. Throws a UsageError. */
export function stackToRead(options: PlaceOptions, defaults: PlaceDefaults): StackToRead {
  const stack = stackFrom(options, defaults);
  return { table: casesTableOf(stack), stack };
}
