import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

/** What a log file holds: how many records of CloudTrail, and those that may name a deletion; or why none. */
export type LogFile = { readonly records: number; readonly candidates: readonly unknown[] } | { readonly why: string };

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

/** What the bytes of a file as CloudTrail delivers it to S3 hold: `{"Records": [...]}`. */
export function readLog(bytes: Buffer): LogFile {
  return quickly(bytes) ?? wholly(bytes);
}

const opening = '{"Records":[{"eventVersion"';
const start = '{"eventVersion"';
const named = '"DeleteKey"';

/**
 * In the form in which CloudTrail writes, each record begins with its version, and no string can hold these bytes: its quotes would be escaped.
 * So only records that name DeleteKey have to be parsed, one in thousands. Undefined for whatever has another form, or does not parse
 * so: it is read as a whole.
 */
function quickly(bytes: Buffer): LogFile | undefined {
  if (
    !(bytes.subarray(0, opening.length).equals(Buffer.from(opening)) && bytes.subarray(-3).equals(Buffer.from("}]}")))
  )
    return undefined;
  const candidates: unknown[] = [];
  let records = 0;
  let name = bytes.indexOf(named);
  for (let from = bytes.indexOf(start), next: number; from >= 0; from = next) {
    records += 1;
    next = bytes.indexOf(start, from + start.length);
    const end = next < 0 ? bytes.length - 2 : next - 1;
    if (name < 0 || name >= end) continue;
    try {
      candidates.push(JSON.parse(bytes.toString("utf8", from, end)));
    } catch {
      return undefined;
    }
    name = bytes.indexOf(named, end);
  }
  return { records, candidates };
}

function wholly(bytes: Buffer): LogFile {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    return { why: "is not valid JSON" };
  }
  const { Records, digestS3Object } = (value ?? {}) as { Records?: unknown; digestS3Object?: unknown };
  if (digestS3Object !== undefined) return { why: "is a digest of CloudTrail, no log" };
  if (!Array.isArray(Records)) return { why: "is not a CloudTrail log" };
  return { records: Records.length, candidates: Records as unknown[] };
}
