import type { SectionBlock } from "@slack/types";
import { escaped } from "./mrkdwn.ts";

/** Slack takes 50 blocks a message, and 3,000 characters a section. */
const maxSections = 45;
const maxSection = 2_900;
/** A reason or a ticket may be long. */
const maxLine = 1_000;

/** Lines with text from events as plain text: nothing in it is a mention, a link or a mark. */
export function plainSections(lines: readonly string[]): SectionBlock[] {
  const texts: string[] = [];
  for (const line of lines) {
    const shown = escaped(line, maxLine, maxSection) || " ";
    const last = texts.at(-1);
    if (last !== undefined && last.length + 1 + shown.length <= maxSection) texts.splice(-1, 1, `${last}\n${shown}`);
    else texts.push(shown);
  }
  return texts.slice(0, maxSections).map((text) => ({ type: "section", text: { type: "plain_text", text } }));
}
