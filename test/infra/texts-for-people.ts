import { readFileSync } from "node:fs";
import ts from "typescript";

/** A text that a person reads: it begins like a sentence and has at least three words, or is the subject of a mail. */
const sentence = /^(?:[A-Z][a-z']*,? (?:\S+ )+\S+|reprieve: )/;

/** Returns the texts of `file` that read like sentences for people, each with its line; comments, imports and types hold none. */
export function sentencesIn(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const text = textOf(node);
    if (text !== undefined && sentence.test(text)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${file}:${line + 1} ${text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("…");
}
