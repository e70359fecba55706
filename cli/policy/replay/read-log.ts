import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

/** What a log file holds: records of CloudTrail, or why none. */
export type LogFile = { readonly records: readonly unknown[] } | { readonly why: string };

/** Unpacked (bytes). CloudTrail writes files of some megabytes; whatever is larger is none of its own, and would not fit into memory. */
const largest = 64_000_000;
/** Unpacked so much (bytes) at a time: each piece is a way to another thread and back. */
const chunkSize = 1 << 21;
const unpack = promisify(gunzip);

/** The bytes of a file, unpacked, or why there are none. `-` is standard input. */
export async function readBytes(path: string): Promise<Buffer | { readonly why: string }> {
  let bytes: Buffer;
  try {
    bytes = path === "-" ? await buffer(process.stdin) : await readFile(path);
  } catch {
    return { why: "cannot be read" };
  }
  // By its first bytes: a name says nothing.
  if (!(bytes[0] === 0x1f && bytes[1] === 0x8b)) return bytes.length > largest ? tooLarge : bytes;
  try {
    return await unpack(bytes, { maxOutputLength: largest, chunkSize });
  } catch (error) {
    return (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE" ? tooLarge : { why: "is cut off, or no gzip" };
  }
}

const tooLarge = { why: `holds more than ${largest / 1e6} MB` };

/** The records in the bytes of a file as CloudTrail delivers it to S3: `{"Records": [...]}`. */
export function recordsIn(bytes: Buffer): LogFile {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    return { why: "is no JSON" };
  }
  const { Records, digestS3Object } = (value ?? {}) as { Records?: unknown; digestS3Object?: unknown };
  if (digestS3Object !== undefined) return { why: "is a digest of CloudTrail, no log" };
  return Array.isArray(Records) ? { records: Records as unknown[] } : { why: "is no log of CloudTrail" };
}
