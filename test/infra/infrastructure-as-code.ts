import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { root } from "../../scripts/bundle.ts";

const page = resolve(root, "docs/infrastructure-as-code.md");

/** Returns the only block of code in the language, of the page on infrastructure as code. Throws if there is none, or another. */
export function exampleIn(language: "hcl" | "ts"): string {
  const blocks = readFileSync(page, "utf8").split(`\`\`\`${language}\n`).slice(1);
  const [block = ""] = blocks[0]?.split("\n```") ?? [];
  if (blocks.length !== 1 || block === "") throw new Error(`${page} has ${blocks.length} blocks of ${language}`);
  return `${block}\n`;
}

/** Returns the names of the parameters that an example gives: the fields of its one mapping called `parameters`. */
export function parametersIn(example: string): readonly string[] {
  const [, body = ""] = /\bparameters = \{\n([\s\S]*?)\n *\}/.exec(example) ?? [];
  return [...body.matchAll(/^ *(\w+)(?: *=|:)/gm)].map(([, name = ""]) => name);
}

interface ParameterizedTemplate {
  readonly Parameters: Readonly<Record<string, { readonly Default?: unknown }>>;
}

/** Returns what is wrong with giving these parameters to the template: names that it does not have, and values that it needs. */
export function parameterMistakes(given: readonly string[], { Parameters }: ParameterizedTemplate): readonly string[] {
  const required = Object.entries(Parameters).flatMap(([name, { Default }]) => (Default === undefined ? [name] : []));
  return [
    ...given.filter((name) => Parameters[name] === undefined).map((name) => `the template has no ${name}`),
    ...required.filter((name) => !given.includes(name)).map((name) => `${name} is not given`),
    ...(new Set(given).size === given.length ? [] : ["a parameter is given twice"]),
  ];
}
