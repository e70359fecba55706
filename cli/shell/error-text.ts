import { printableText } from "../../lib/domain/printable-text.ts";

/** What was thrown, with its name, as printable text of `max` characters at most. */
export function errorText(error: unknown, max = 300): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  // The SDK's hint for programmers, where something other than AWS answered.
  return printableText(text.replace(/\s*Deserialization error: to see the raw response.*$/s, ""), max);
}
