import { printableText } from "../../../lib/domain/printable-text.ts";
import { h, type VNode } from "./renderer.mjs";

/** What an element may hold. Text of any origin is safe in it: the renderer escapes it, and `el` makes visible what would hide or reorder it. */
export type Content = VNode | string | number | undefined | readonly Content[];

type Attributes = Readonly<Record<string, string | number | Readonly<Record<string, string>> | undefined>>;

/** The most of one text (characters) that a page shows; CSV files and the log have all of it. */
const mostShown = 1_000;

/** Returns an element. */
export function el(tag: string, attributes: Attributes | undefined, ...content: readonly Content[]): VNode {
  return h(tag, attributes ?? null, ...content.flatMap(shown));
}

/** Returns text of several lines as it is, each line made visible: a policy, or an entry. */
export function source(text: string): VNode {
  const lines = text.split("\n").map((line) => printableText(line, 60_000));
  return h("pre", null, lines.join("\n"));
}

/** Returns a small remark below what it is about. */
export function small(...content: readonly Content[]): VNode {
  return el("small", undefined, ...content);
}

/** Returns a name that is to be compared letter by letter. */
export function code(text: string): VNode {
  return el("code", undefined, text);
}

/** Returns the lines one below the other, without those that are absent or empty. */
export function lines(...content: readonly Content[]): readonly Content[] {
  const present = content.filter((line) => line !== undefined && line !== "");
  return present.flatMap((line, n) => (n === 0 ? [line] : [el("br", undefined), line]));
}

function shown(content: Content): readonly (VNode | string)[] {
  if (content === undefined) return [];
  if (typeof content === "string") return [printableText(content, mostShown)];
  if (typeof content === "number") return [String(content)];
  return isList(content) ? content.flatMap(shown) : [content];
}

function isList(content: VNode | readonly Content[]): content is readonly Content[] {
  return Array.isArray(content);
}
