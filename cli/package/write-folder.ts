import { existsSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { printableText } from "../../lib/domain/printable-text.ts";
import { sha256Of } from "../../lib/release/checksums.ts";
import { removedAfter } from "../shell/half-done.ts";
import { InputError } from "../shell/input-error.ts";
import { makeFolder } from "../shell/make-folder.ts";

export type Files = Readonly<Record<string, Uint8Array | string>>;

/** Throws an InputError if `out` is there already. */
export function refuseExisting(out: string): void {
  if (existsSync(out))
    throw new InputError(`\`${printableText(out, 200)}\` already exists: name a new folder with --out DIR`);
}

/** Returns the name of a zip with the beginning of its hash in it: new content is a change that CloudFormation sees. */
export function namedByContent(zip: string, content: Uint8Array): string {
  return zip.replace(/\.zip$/, `-${sha256Of(content).slice(0, 16)}.zip`);
}

/** Writes beside the place and moves there at the end: an interrupted command leaves no half of a package. */
export async function writeFolder(out: string, files: Files): Promise<void> {
  const partial = `${out}.partial`;
  await rm(partial, { recursive: true, force: true });
  await makeFolder(partial);
  await removedAfter(partial, async () => {
    for (const [name, content] of Object.entries(files)) await writeFile(join(partial, name), content);
    await rename(partial, out);
  });
}
