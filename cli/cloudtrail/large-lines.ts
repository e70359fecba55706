import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { isGzip, tooLarge } from "./read-bytes.ts";
import type { LogFile } from "./read-log.ts";
import { recordsInLines } from "./records-in.ts";

/** A line is never longer (bytes), and so many bytes of lines are looked through at a time. */
const longestLine = 16_000_000;
const portion = 4_000_000;

/**
 * Reads a file that is too large to be held: JSON Lines, packed or not, portion by portion. Where the first portion is nothing of the kind, or
 * a line is too long, ends with the reason.
 */
export async function* largeLines(path: string): AsyncIterable<LogFile> {
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of await unpackedStream(path)) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      if (rest.length < portion) continue;
      const end = rest.lastIndexOf(10) + 1;
      if (end === 0 && rest.length <= longestLine) continue;
      const log = end === 0 ? tooLarge : logOf(rest.subarray(0, end));
      yield log;
      if ("why" in log) return;
      rest = rest.subarray(end);
    }
    if (rest.length > 0) yield logOf(rest);
  } catch {
    yield { why: "is cut off, or no gzip" };
  }
}

async function unpackedStream(path: string): Promise<AsyncIterable<Buffer>> {
  const file = await open(path);
  const first = Buffer.alloc(2);
  await file.read(first, 0, 2, 0);
  await file.close();
  const source: Readable = createReadStream(path, { highWaterMark: 1 << 20 });
  return isGzip(first) ? source.compose(createGunzip({ chunkSize: 1 << 20 })) : source;
}

function logOf(lines: Buffer): LogFile {
  const found = recordsInLines(lines.toString("utf8").split("\n"));
  if ("why" in found) return tooLarge;
  return { records: found.records.length, candidates: found.records, unread: found.unread };
}
