import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

/** The bytes of a file, unpacked. */
export interface ReadBytes {
  readonly bytes: Buffer;
  /** Whether a gzip file has more after its first member: other tools read that alone. */
  readonly hasMore: boolean;
}

/** Unpacked (bytes). CloudTrail writes files of some megabytes; a larger one is read line by line, or not at all. */
export const largestFile = 64_000_000;
/** At least so much (bytes) is unpacked at a time: each piece is a way to another thread and back. */
const smallestChunk = 1 << 16;
/** A larger buffer (bytes) has its memory for itself: node keeps several small ones in one piece. */
const largestShared = 1 << 20;
const unpack = promisify(gunzip);

export const tooLarge = { why: `holds more than ${largestFile / 1e6} MB` };

/** The bytes of a file, unpacked, or why it cannot be read. `-` is standard input. Never holds more than the largest file. */
export async function readBytes(path: string): Promise<ReadBytes | { readonly why: string }> {
  const packed = await readPacked(path);
  if ("why" in packed) return packed;
  // By its first bytes: a name says nothing.
  return isGzip(packed) ? await unpacked(packed) : { bytes: packed, hasMore: false };
}

/** Returns `packed` unpacked, or why it cannot be. */
export async function unpacked(packed: Buffer): Promise<ReadBytes | { readonly why: string }> {
  try {
    // The last four bytes count those of the last member: together with others they are not the length of all.
    const length = packed.readUInt32LE(packed.length - 4);
    // All in one piece, where the file says its length: nothing is put together afterwards.
    const chunkSize = Math.min(Math.max(length + 1, smallestChunk), largestFile);
    const bytes = await unpack(packed, { maxOutputLength: largestFile, chunkSize });
    return { bytes, hasMore: length !== bytes.length };
  } catch (error) {
    return (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE" ? tooLarge : { why: "is cut off, or no gzip" };
  }
}

/** Gives the memory of a file's bytes back, without waiting for the collector. Nobody may read them afterwards. */
export function releaseBytes({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > largestShared) buffer.transfer(0);
}

export function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function readPacked(path: string): Promise<Buffer | { readonly why: string }> {
  try {
    if (path === "-") return await bounded(process.stdin);
    const found = await stat(path);
    if (!found.isFile()) return await bounded(createReadStream(path));
    return found.size > largestFile ? tooLarge : await readFile(path);
  } catch {
    return { why: "cannot be read" };
  }
}

/** A device or a pipe has no size to look at beforehand, and perhaps no end. */
async function bounded(source: Readable): Promise<Buffer | { readonly why: string }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largestFile) return tooLarge;
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}
