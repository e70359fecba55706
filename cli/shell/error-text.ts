import { printableText } from "../../lib/domain/printable-text.ts";

/** What was thrown, with its name, as printable text of `max` characters at most. */
export function errorText(error: unknown, max = 300): string {
  return printableText(error instanceof Error ? `${error.name}: ${error.message}` : String(error), max);
}
