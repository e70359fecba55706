import { stripVTControlCharacters } from "node:util";
import type { Terminal } from "./terminal.ts";

/** Returns `text` in lines of at most `columns` characters, broken between words; what is indented stays indented. A longer word stays whole. */
export function wrapped(text: string, columns: number): string {
  return text
    .split("\n")
    .map((line) => wrappedLine(line, columns))
    .join("\n");
}

/** Returns `text` as it fits the terminal that it is printed to. */
export function fitted(text: string, { columns }: Pick<Terminal, "columns">): string {
  return columns === undefined ? text : wrapped(text, columns);
}

function wrappedLine(line: string, columns: number): string {
  const indent = /^ */.exec(line)?.[0] ?? "";
  const lines: string[] = [];
  let current = "";
  for (const word of line.slice(indent.length).split(" ")) {
    const longer = current === "" ? word : `${current} ${word}`;
    if (current !== "" && indent.length + widthOf(longer) > columns) {
      lines.push(indent + current.trimEnd());
      current = word;
    } else current = longer;
  }
  return [...lines, indent + current].join("\n");
}

/** Colors take no room. */
function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** How wide the terminal is (characters); a pipe is as wide as anything. */
export function columnsOf(stream: { readonly columns?: number } = process.stdout): number {
  return stream.columns ?? Number.POSITIVE_INFINITY;
}
