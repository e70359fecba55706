import type { RepeatedDeletions } from "../domain/deletion/repeated-deletions.ts";
import { printableText } from "../domain/printable-text.ts";
import { timeText } from "./words.ts";

/** The keys that an alarm names, of however many. */
export const namedInAlarm = 20;

/** Returns the alarm on someone who schedules one deletion after the other; `names` are those of the first keys. Plain text from events is in it. */
export function repeatedDeletionsText(
  { principal, deletions, keys, from, to }: RepeatedDeletions,
  names: readonly string[],
): { readonly subject: string; readonly lines: readonly string[] } {
  const keysText = keys.length === 1 ? "of one payment key" : `of ${keys.length} payment keys`;
  return {
    subject: "reprieve: one principal deletes payment keys again and again",
    lines: [
      `${printableText(principal, 300)} has scheduled ${deletions} deletions ${keysText} within an hour.`,
      `From ${timeText(from)} to ${timeText(to)}: ${names.join(", ")}${keys.length > names.length ? ` and ${keys.length - names.length} more` : ""}`,
      "The guard goes on as its policy says. Contact that principal, and remove its permission to delete until the cause is known.",
    ],
  };
}
