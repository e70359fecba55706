import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import ts from "typescript";
import { bannedPhrases } from "./banned-phrases.ts";

const root = resolve(import.meta.dirname, "..");
const places = ["docs", "lib", "functions", "cli", "local", "scripts", "test", "bench"];
/** Recorded data and patches of other texts; and the list itself. */
const leftOut = [/^test\/mutations\//, /^scripts\/banned-phrases\.ts$/, /^test\/infra\/phrases\.test\.ts$/];

/** One banned phrase, where it stands. Lines count from 1. */
export interface FoundPhrase {
  readonly line: number;
  readonly phrase: string;
  readonly instead: string;
}

/** Returns the banned phrases in what people read of a file: all of a page, comments and texts of code. */
export function phrasesIn(name: string, text: string): readonly FoundPhrase[] {
  const read = name.endsWith(".md") ? [{ at: 0, text }] : readIn(name, text);
  return read.flatMap(({ at, text: part }) =>
    bannedPhrases.flatMap(({ pattern, instead }) =>
      [...part.matchAll(pattern)].map((match) => ({
        line: text.slice(0, at + match.index).split("\n").length,
        phrase: match[0],
        instead,
      })),
    ),
  );
}

/** Comments, strings, templates and the text of JSX, with their places: identifiers are no English. */
function readIn(name: string, text: string): { readonly at: number; readonly text: string }[] {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const parts = new Map<number, string>();
  const add = (from: number, to: number) => parts.set(from, text.slice(from, to));
  const visit = (node: ts.Node): void => {
    for (const { pos, end } of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []) add(pos, end);
    if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddleOrTemplateTail(node) ||
      ts.isJsxText(node)
    )
      add(node.getStart(source), node.getEnd());
    for (const child of node.getChildren(source)) visit(child);
  };
  visit(source);
  return [...parts].map(([at, part]) => ({ at, text: part }));
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(?:md|ts|tsx)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

/** Prints every banned phrase of the repository. Returns how many there are. */
function main(): number {
  const pages = readdirSync(root).filter((name) => name.endsWith(".md"));
  const files = [...pages, ...places.flatMap((place) => filesIn(join(root, place)))];
  let count = 0;
  for (const name of files.filter((each) => !leftOut.some((pattern) => pattern.test(each))))
    for (const { line, phrase, instead } of phrasesIn(name, readFileSync(join(root, name), "utf8"))) {
      count += 1;
      console.error(`${name}:${line}: \`${phrase}\`: write ${instead}`);
    }
  return count;
}

if (import.meta.main) process.exitCode = main() === 0 ? 0 : 1;
