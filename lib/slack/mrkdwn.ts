import { printableText } from "../domain/printable-text.ts";

/** Text from events with Slack's own escapes. An attack: an alias called `<!channel>`, a session name that is a link. `max` in characters. */
export function escaped(text: string, max = 300): string {
  return printableText(text, max).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Text from events as code, in which no mark means anything. */
export function code(text: string, max = 300): string {
  return `\`${escaped(text.replaceAll("`", "'"), max)}\``;
}

/** A time (ms) as every reader's own clock shows it. */
export function slackTime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `<!date^${seconds}^{date_short_pretty} at {time}|${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC>`;
}
