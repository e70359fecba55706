import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";

/** What a file is, by its bytes. */
export interface FileFingerprint {
  readonly bytes: number;
  readonly sha256: string;
}

/** A line of an export is never longer (bytes). */
const longestLine = 64 * 1024 * 1024;

/** Returns whether `name` in `folder` is a file, and neither a link, a folder nor a device. */
export async function isPlainFile(folder: string, name: string): Promise<boolean> {
  return await lstat(join(folder, name)).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** Returns the names in a folder, in their order; none where it is not one. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  return await readdir(folder).then(
    (names) => names.sort(),
    () => [],
  );
}

/** Reads at most `most` bytes of a plain file; undefined for anything else, and for a larger one. */
export async function readPlainFile(folder: string, name: string, most: number): Promise<Buffer | undefined> {
  if (!(await isPlainFile(folder, name))) return undefined;
  // A link that is put in its place meanwhile is not followed.
  const file = await open(join(folder, name), constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => undefined);
  try {
    const size = (await file?.stat())?.size ?? Number.POSITIVE_INFINITY;
    if (file === undefined || size > most) return undefined;
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await file.read(bytes, 0, size, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file?.close();
  }
}

/** Returns the fingerprint of `bytes`. */
export function fingerprintOf(bytes: Uint8Array): FileFingerprint {
  return { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

const newline = 10;

/** Reads the lines of a file, those of a chunk at a time. Ends with `false` where a line is too long. */
export async function* linesIn(
  path: string,
  onChunk: (chunk: Buffer) => void = () => {},
): AsyncGenerator<readonly string[], boolean> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    onChunk(chunk);
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const lines: string[] = [];
    let from = 0;
    for (let to = rest.indexOf(newline); to >= 0; to = rest.indexOf(newline, from)) {
      lines.push(rest.subarray(from, to).toString("utf8"));
      from = to + 1;
    }
    yield lines;
    rest = rest.subarray(from);
    if (rest.length > longestLine) return false;
  }
  if (rest.length > 0) yield [rest.toString("utf8")];
  return true;
}

/** Gives every line of a plain file to `take`, and returns its fingerprint. A line that is too long ends the reading. */
export async function readLines(
  folder: string,
  name: string,
  take: (line: string) => void,
): Promise<FileFingerprint | undefined> {
  if (!(await isPlainFile(folder, name))) return undefined;
  const hash = createHash("sha256");
  let bytes = 0;
  const lines = linesIn(join(folder, name), (chunk) => {
    hash.update(chunk);
    bytes += chunk.length;
  });
  let next = await lines.next();
  for (; next.done !== true; next = await lines.next()) for (const line of next.value) take(line);
  return next.value ? { bytes, sha256: hash.digest("hex") } : undefined;
}
