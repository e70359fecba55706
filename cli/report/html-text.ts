import { printableText } from "../../lib/domain/printable-text.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Returns text from events and people, safe in HTML. */
export function esc(text: string): string {
  return printableText(text, 500).replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

/** Returns the day of a time in ISO 8601. */
export function day(isoText: string): string {
  return isoText.startsWith("1970-01-01") ? "the beginning" : isoText.slice(0, 10);
}
