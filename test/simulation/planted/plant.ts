import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import { type FunctionName, root } from "../../../scripts/bundle.ts";
import { compileFunctionCode } from "../bundle.ts";
import type { Tools } from "../play.ts";

/** A text of the product's code, which has to be there, and the fault that takes its place. */
export interface Replacement {
  /** End of the file's path. */
  readonly file: string;
  readonly text: string;
  readonly fault: string;
}

/** Returns `tools` with the code of these functions changed. Throws an Error for a text that is not in the code, or not in exactly one file. */
export async function plant(
  tools: Tools,
  functions: readonly FunctionName[],
  replacements: readonly Replacement[],
): Promise<Tools> {
  for (const replacement of replacements) checkText(replacement);
  const changed = functions.map(
    async (name) => [name, await compileFunctionCode(name, tools.clients, [plugin(replacements)])] as const,
  );
  return { ...tools, codes: { ...tools.codes, ...Object.fromEntries(await Promise.all(changed)) } };
}

/** Throws an Error unless exactly one file of the product has that name and holds the text: a fault in no code finds nothing. */
export function checkText({ file, text }: Pick<Replacement, "file" | "text">): void {
  const files = globSync("{lib,functions}/**/*.ts", { cwd: root }).filter((each) => `/${each}`.endsWith(`/${file}`));
  const [only] = files;
  if (only === undefined || files.length > 1) throw new Error(`${files.length} files are called \`${file}\``);
  replaced(readFileSync(join(root, only), "utf8"), { file, text, fault: "" });
}

function plugin(replacements: readonly Replacement[]): Plugin {
  return {
    name: "plant",
    setup({ onLoad }) {
      for (const [file, own] of Map.groupBy(replacements, (each) => each.file))
        onLoad({ filter: new RegExp(`[/\\\\]${file.replaceAll(/[/.]/g, "\\$&")}$`) }, ({ path }) => ({
          contents: own.reduce((code, replacement) => replaced(code, replacement), readFileSync(path, "utf8")),
          loader: "ts",
        }));
    },
  };
}

function replaced(code: string, { file, text, fault }: Replacement): string {
  if (!code.includes(text)) throw new Error(`${file} does not contain \`${text}\``);
  return code.replace(text, () => fault);
}
