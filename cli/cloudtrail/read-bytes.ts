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
/** Unpacked so much (bytes) at a time: each piece is a way to another thread and back. */
const chunkSize = 1 << 21;
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
    const bytes = await unpack(packed, { maxOutputLength: largestFile, chunkSize });
    // The last four bytes count those of the last member: together with others they are not the length of all.
    return { bytes, hasMore: packed.readUInt32LE(packed.length - 4) !== bytes.length };
  } catch (error) {
    return (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE" ? tooLarge : { why: "is cut off, or no gzip" };
  }
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
