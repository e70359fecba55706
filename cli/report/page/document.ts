import type { Verdict } from "../../../lib/domain/log/finding.ts";
import { el } from "./element.ts";
import { pageStyle } from "./page-style.ts";
import { h, renderToString, type VNode } from "./renderer.mjs";

/** What the foot of every printed sheet says of the export behind it. */
export interface Footer {
  readonly verdict: Verdict;
  /** SHA-256 of the manifest; empty where that cannot be read. */
  readonly digest: string;
}

const verdictNames: Readonly<Record<Verdict, string>> = {
  whole: "whole and anchored",
  linked: "linked, not anchored",
  damaged: "DAMAGED",
};

/** Returns the foot of the sheets of one export: its verdict and its digest. */
export function footerText({ verdict, digest }: Footer): string {
  return `Export ${verdictNames[verdict]} · manifest ${digest}`;
}

/** Returns a page that needs nothing but itself: no script, no network. It prints to A4, with `footer` at the foot of each sheet. */
export function documentText(title: string, footer: string, ...body: readonly VNode[]): string {
  const style = `${pageStyle}@page { @bottom-left { content: ${cssText(footer)}; } }`;
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const page = el(
    "html",
    { lang: "en" },
    el(
      "head",
      undefined,
      el("meta", { charset: "utf-8" }),
      el("meta", { "http-equiv": "Content-Security-Policy", content: policy }),
      el("meta", { name: "viewport", content: "width=device-width" }),
      el("title", undefined, title),
      // The renderer escapes text, and a style sheet is not text: nothing in it comes from an export but what `cssText` makes plain.
      h("style", { dangerouslySetInnerHTML: { __html: style } }),
    ),
    el("body", undefined, ...body),
  );
  return `<!doctype html>\n${renderToString(page)}\n`;
}

/** Returns `text` as a string of CSS: letters, digits and little else. */
function cssText(text: string): string {
  return `"${text.slice(0, 200).replace(/[^\w ·,.:/-]/g, "?")}"`;
}
