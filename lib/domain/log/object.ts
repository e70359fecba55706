import * as v from "valibot";
import { canonicalJson, isCanonicalJson } from "../ledger/canonical-json.ts";
import { type Frontier, frontierFrom } from "./frontier.ts";
import { sha256 } from "./hash.ts";
import { parsedLine } from "./parsed-line.ts";

/** An entry's text takes at most this many bytes; a tile of the log (C2SP tlog-tiles) could not hold one over 65,535. */
export const maxLineBytes = 60_000;

/** An object of the log takes at most this many bytes. Of a larger one its beginning of this length stands for it: nobody is made to read more. */
export const maxObjectBytes = 16 * 1024 * 1024;

const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const version = 1;
/** The member of a header that holds the number of its object. */
export const numberMember = "no";

const headerSchema = v.strictObject({
  /** Number of lines after the header. */
  count: whole,
  format: v.literal("reprieve-log"),
  /** Number of lines in all objects before it. */
  from: whole,
  /** Roots of the full subtrees of these lines, the largest first. */
  frontier: v.array(hash),
  [numberMember]: v.pipe(whole, v.minValue(1)),
  /** SHA-256 of the object before it; 64 zeros for the first. */
  prev: hash,
  version: v.literal(version),
});

/** A numbered object of the log: what comes before it, and its lines, of which each is the text of an entry. */
export interface LogObject {
  readonly number: number;
  /** SHA-256 of the object before it, hex. */
  readonly prev: string;
  /** The tree that its lines are appended to. */
  readonly before: Frontier;
  readonly lines: readonly string[];
}

/** Returns the text of an object: a header in canonical JSON, and the lines. */
export function objectText({ number, prev, before, lines }: LogObject): string {
  const header = {
    ...{ count: lines.length, format: "reprieve-log", from: before.size, [numberMember]: number, prev, version },
    frontier: before.roots.map((root) => root.toString("hex")),
  };
  return [canonicalJson(header), ...lines].map((line) => `${line}\n`).join("");
}

/** Returns the object in `bytes`, whose lines are not judged; undefined for anything else. */
export function readObject(bytes: Uint8Array): LogObject | undefined {
  const text = bytes.length >= maxObjectBytes ? undefined : textIn(bytes);
  if (text?.endsWith("\n") !== true) return undefined;
  const [first = "", ...lines] = text.slice(0, -1).split("\n");
  const header = headerIn(first);
  const before = header && frontierFrom(header.from, header.frontier.map(bytesOf));
  if (before === undefined || header?.count !== lines.length) return undefined;
  if (lines.some((line) => Buffer.byteLength(line) > maxLineBytes)) return undefined;
  return { number: header[numberMember], prev: header.prev, before, lines };
}

/** Returns the SHA-256 that stands for an object, hex. */
export function objectHash(bytes: Uint8Array): string {
  return sha256(bytes.subarray(0, maxObjectBytes)).toString("hex");
}

function headerIn(line: string): v.InferOutput<typeof headerSchema> | undefined {
  const header = parsedLine(headerSchema, line);
  return header !== undefined && isCanonicalJson(header, line) ? header : undefined;
}

function textIn(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex, "hex");
}
