import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { operations } from "../../../lib/domain/operations/registry.ts";

/** What a log file holds: how many records of CloudTrail, and those that may name a call that policies decide; or why none. */
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
const deletion = Buffer.from('"DeleteKey"');
const nameField = Buffer.from('"eventName":"');
/** Longer (bytes) than the name of any call, with its quote. */
const longestName = 64;
const guarded: ReadonlySet<string> = new Set(
  operations.flatMap(({ calls, serviceEvents = [] }) => [...calls, ...serviceEvents]),
);

/**
 * In the form in which CloudTrail writes, each record begins with its version, and no string can hold these bytes: its quotes would be escaped.
 * So only records that name a guarded call have to be parsed, one in thousands. Undefined for whatever has another form, or does not parse
 * so: it is read as a whole.
 */
function quickly(bytes: Buffer): LogFile | undefined {
  if (
    !(bytes.subarray(0, opening.length).equals(Buffer.from(opening)) && bytes.subarray(-3).equals(Buffer.from("}]}")))
  )
    return undefined;
  const candidates: unknown[] = [];
  let records = 0;
  const places = finders.map((find) => find(bytes, 0));
  for (let from = bytes.indexOf(start), next: number; from >= 0; from = next) {
    records += 1;
    next = bytes.indexOf(start, from + start.length);
    const end = next < 0 ? bytes.length - 2 : next - 1;
    if (!places.some((place) => place < end)) continue;
    try {
      candidates.push(JSON.parse(bytes.toString("utf8", from, end)));
    } catch {
      return undefined;
    }
    for (const [n, find] of finders.entries()) if (Number(places[n]) < end) places[n] = find(bytes, end);
  }
  return { records, candidates };
}

/** Each returns where the next call is named from `from` on, or Infinity. */
const finders: readonly ((bytes: Buffer, from: number) => number)[] = [nextDeletion, nextGuarded];

function nextDeletion(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(deletion, from);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}

/** Three letters tell most names apart, without a text for each record. */
function beginningOf(bytes: Buffer, from: number): number {
  return ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
}

const beginnings: ReadonlySet<number> = new Set([...guarded].map((name) => beginningOf(Buffer.from(name), 0)));

function nextGuarded(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(nameField, from); at >= 0; at = bytes.indexOf(nameField, at + 1)) {
    const first = at + nameField.length;
    if (!beginnings.has(beginningOf(bytes, first))) continue;
    const name = bytes.toString("latin1", first, first + longestName);
    if (guarded.has(name.slice(0, name.indexOf('"')))) return at;
  }
  return Number.POSITIVE_INFINITY;
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
