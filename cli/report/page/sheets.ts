import type { Cover } from "../rows/report-data.ts";
import { documentText, footerText } from "./document.ts";
import { el } from "./element.ts";
import type { VNode } from "./renderer.mjs";
import { day } from "./words.ts";

/** What stands above the sheets. */
interface Heading {
  readonly title: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
}

/** Returns a document of sheets for the period of the report. */
export function sheetsText(cover: Cover, { title, heading, paragraphs }: Heading, sheets: readonly VNode[]): string {
  return documentText(
    `${title}, ${day(cover.from)} to ${day(cover.to)}`,
    footerText(cover.verified),
    el("header", undefined, el("h1", undefined, heading), ...paragraphs.map((text) => el("p", undefined, text))),
    el("main", undefined, sheets),
  );
}

/** Says of which stack and time the sheets are. */
export function placeText({ account, region, stack, from, to }: Cover): string {
  return `${account} ${region} ${stack}, ${from} to ${to}`;
}
