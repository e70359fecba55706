import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { printableText } from "../../lib/domain/printable-text.ts";
import { InputError } from "./input-error.ts";

/** Makes a folder, and those above it that are missing; Node's own way of doing so never ends below /proc. Throws an InputError. */
export async function makeFolder(path: string): Promise<void> {
  const parent = dirname(resolve(path));
  if (!existsSync(parent)) await makeFolder(parent);
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw new InputError(`the folder \`${printableText(path, 200)}\` cannot be made`);
  });
}
