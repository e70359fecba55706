import type { RepeatedDeletions } from "../domain/deletion/repeated-deletions.ts";
import { keyArnParts } from "../domain/key/key-arn.ts";
import { printableText } from "../domain/printable-text.ts";
import { timeText } from "./words.ts";

const maxKeys = 20;

/** The alarm on someone who schedules one deletion after the other: plain text from events is in it. */
export function repeatedDeletionsText({ principal, deletions, keys, from, to }: RepeatedDeletions): {
  readonly subject: string;
  readonly lines: readonly string[];
} {
  const named = keys.slice(0, maxKeys).map((arn) => keyArnParts(arn).keyId);
  const keysText = keys.length === 1 ? "of one payment key" : `of ${keys.length} payment keys`;
  return {
    subject: "reprieve: one principal deletes payment keys again and again",
    lines: [
      `${printableText(principal, 300)} has scheduled ${deletions} deletions ${keysText} within an hour.`,
      `From ${timeText(from)} to ${timeText(to)}: ${named.join(", ")}${keys.length > maxKeys ? " ..." : ""}`,
      "The guard goes on as its policy says. Contact that principal, and remove its permission to delete until the cause is known.",
    ],
  };
}
