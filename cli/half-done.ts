import { existsSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { printableText } from "../lib/domain/printable-text.ts";
import { InputError } from "./input-error.ts";

/**
 * `work`, and whatever comes of it, `path` is gone afterwards: a folder that is half done, unless it was moved to its place. Also when somebody
 * stops the command meanwhile (`cli/reprieve.ts` lets Ctrl-C end it as any other exit).
 */
export async function removedAfter<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const remove = () => rmSync(path, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    return await work();
  } finally {
    process.off("exit", remove);
    remove();
  }
}

/** Makes a folder, and those above it that are missing; Node's own way of doing so never ends below /proc. Throws an InputError. */
export async function makeFolder(path: string): Promise<void> {
  const parent = dirname(resolve(path));
  if (!existsSync(parent)) await makeFolder(parent);
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw new InputError(`the folder \`${printableText(path, 200)}\` cannot be made`);
  });
}
