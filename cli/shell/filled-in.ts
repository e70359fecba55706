import { UsageError } from "./input-error.ts";

/** Throws a UsageError for an option whose text is empty, as of a variable of a shell that is not set: it would narrow nothing. */
export function filledIn(options: Readonly<Record<string, string | undefined>>): void {
  for (const [name, text] of Object.entries(options))
    if (text?.trim() === "") throw new UsageError(`expected text after --${name}, found nothing`);
}
