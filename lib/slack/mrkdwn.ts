import { printableText } from "../domain/printable-text.ts";

/** Characters of one text, unless told otherwise: a field of a section takes 2,000, whatever the escapes make of them. */
const usual = 300;
const maxEscaped = 1_900;

const entities: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
]);

/**
 * Text from events with Slack's own escapes. An attack: an alias called `<!channel>`, a session name that is a link, a user agent
 * of characters whose escapes are so long that Slack refuses the message. `max` in characters, as is `fits` once escaped.
 */
export function escaped(text: string, max = usual, fits = maxEscaped): string {
  const characters = Array.from(text.slice(0, 2 * max + 2));
  let shown = "";
  for (const character of characters.slice(0, max)) {
    const next = entities.get(character) ?? printableText(character);
    // No escape is cut in two.
    if (shown.length + next.length >= fits) return `${shown}…`;
    shown += next;
  }
  return characters.length > max ? `${shown}…` : shown;
}

/** Slack takes 150 characters of plain text in a header. */
const maxHeader = 150;

/** Returns the plain text of a header, cut to what Slack takes. */
export function headerText(text: string): string {
  const shown = printableText(text, maxHeader);
  if (shown.length <= maxHeader) return shown;
  // No half of a character is left at the end.
  return `${shown.slice(0, maxHeader - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** Text from events as code, in which no mark means anything. */
export function code(text: string, max = usual, fits = maxEscaped): string {
  return `\`${escaped(text.replaceAll("`", "'"), max, fits)}\``;
}

/** A time (ms) as every reader's own clock shows it. */
export function slackTime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `<!date^${seconds}^{date_short_pretty} at {time}|${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC>`;
}
