import { filesUnder } from "./log-files.ts";
import { type ReadBytes, readBytes, releaseBytes } from "./read-bytes.ts";

export interface UnpackedFile {
  readonly path: string;
  readonly found: ReadBytes | { readonly why: string };
}

/** How many files are read and unpacked ahead of the one that is looked through. */
const ahead = 1;

/**
 * Every file under `paths`, unpacked, in the order of their names: the next one is read while one is looked through. The bytes of a file are
 * gone when the next one is asked for.
 */
export async function* unpackedFiles(paths: readonly string[]): AsyncIterable<UnpackedFile> {
  const waiting: Promise<UnpackedFile>[] = [];
  for await (const file of filesUnder(paths)) {
    waiting.push("why" in file ? Promise.resolve({ path: file.path, found: file }) : unpackOne(file.path));
    const next = waiting.length > ahead ? waiting.shift() : undefined;
    if (next !== undefined) yield* lent(next);
  }
  for (const next of waiting) yield* lent(next);
}

async function* lent(next: Promise<UnpackedFile>): AsyncIterable<UnpackedFile> {
  const file = await next;
  yield file;
  if (!("why" in file.found)) releaseBytes(file.found.bytes);
}

async function unpackOne(path: string): Promise<UnpackedFile> {
  return { path, found: await readBytes(path) };
}
