import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { root } from "../../scripts/bundle.ts";

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** Of its opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** Every Markdown page of the repository, by its path from the root. */
export const pages: readonly string[] = globSync(
  [
    "*.md",
    ".github/**/*.md",
    "{bench,cli,deploy,docs,events,functions,lib,local,policy,resources,scripts,test}/**/*.md",
  ],
  { cwd: root },
).sort();

/** Returns the text of a page. Throws if there is none. */
export function textOf(page: string): string {
  return readFileSync(resolve(root, page), "utf8");
}

/** Returns the fenced blocks of a page, with the indent of their fence taken away. */
export function blocksOf(page: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { indent: string; line: number; language: string; lines: string[] } | undefined;
  for (const [n, line] of textOf(page).split("\n").entries()) {
    const fence = /^(\s*)```(.*)$/.exec(line);
    if (open === undefined) {
      if (fence) open = { indent: fence[1] ?? "", line: n + 1, language: fence[2] ?? "", lines: [] };
    } else if (fence && fence[1] === open.indent) {
      const { language, lines } = open;
      blocks.push({ page, line: open.line, language, text: lines.join("\n") });
      open = undefined;
    } else open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
  }
  if (open !== undefined) throw new Error(`${page}:${open.line}: the block has no end`);
  return blocks;
}

/** Returns a page without its fenced blocks and code spans. */
export function proseOf(page: string): string {
  return textOf(page)
    .replaceAll(/^(\s*)```.*\n[\s\S]*?^\1```$/gm, "")
    .replaceAll(/`[^`\n]*`/g, "");
}
