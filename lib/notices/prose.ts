import { minuteText } from "./words.ts";

/**
 * A sentence in parts: text is our own, `strong` what must not be missed, `name` what comes from events or people, `code` a command to copy, and
 * `time` ms since the epoch. Each channel marks the parts in its own way, so that no text from an event is ever read as a mark.
 */
export type Sentence = readonly Part[];
export type Part =
  | string
  | { readonly strong: string }
  | { readonly name: string }
  | { readonly code: string }
  | { readonly time: number };

/** Returns a sentence as plain text. It may hold text from events: the channel that shows it escapes it. */
export function plainSentence(sentence: Sentence): string {
  return sentence.map(plainPart).join("");
}

function plainPart(part: Part): string {
  if (typeof part === "string") return part;
  if ("strong" in part) return part.strong;
  if ("name" in part) return part.name;
  return "code" in part ? part.code : minuteText(part.time);
}
