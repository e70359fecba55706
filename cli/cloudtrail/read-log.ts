import { jsonOr } from "../../lib/aws/json.ts";
import { recordsIn, recordsInLines } from "./records-in.ts";

/** What a file holds: how many records of CloudTrail, those that may name a call that is looked for, and what could not be read. Or why none. */
export type LogFile =
  | {
      readonly records: number;
      readonly candidates: readonly unknown[];
      readonly unread: ReadonlyMap<string, number>;
    }
  | { readonly why: string };

/** Returns what the bytes of a file hold of the calls with such names. */
export type ReadLog = (bytes: Buffer) => LogFile;

const opening = Buffer.from('{"Records":[{"eventVersion"');
const closing = Buffer.from("}]}");
const start = Buffer.from('{"eventVersion"');
const nameMember = Buffer.from('"eventName"');
/** The end of `"eventName"`, which is searched for: it begins with a letter that is rare in a record, which is four times as fast. */
const nameEnd = Buffer.from('Name"');
const beforeNameEnd = nameMember.length - nameEnd.length;
const letterEscape = Buffer.from("\\u00");
const [colon, quote] = [0x3a, 0x22];
/** Longer (bytes) than the name of any call, with its quote. */
const longestName = 64;

/**
 * Returns a reader that parses only the records that may name one of the calls `names`, one in thousands, where a file has the form in which
 * CloudTrail writes; and those that hold the bytes `alsoWith`. INVARIANT: a record is left unparsed only where its bytes cannot be those of such a call, in a file of JSON.
 */
export function logReader(names: ReadonlySet<string>, alsoWith?: string): ReadLog {
  const beginnings = new Set([...names].map((name) => beginningOf(Buffer.from(name), 0)));
  // Three letters tell most names apart, without a text for each record.
  const mayBeName = (bytes: Buffer, at: number) =>
    beginnings.has(beginningOf(bytes, at)) && names.has(nameAt(bytes, at));
  const next = nextOf(alsoWith === undefined ? [] : [Buffer.from(alsoWith)]);
  return (bytes) => quickly(bytes, mayBeName, next) ?? wholly(bytes);
}

/** Reads every record. */
export function wholly(bytes: Buffer): LogFile {
  const text = bytes.toString("utf8");
  const value = jsonOr(text);
  const found = value === undefined ? recordsInLines(text.split("\n")) : recordsIn(value);
  return "why" in found
    ? found
    : { records: found.records.length + sumOf(found.unread), candidates: found.records, unread: found.unread };
}

function sumOf(unread: ReadonlyMap<string, number>): number {
  return [...unread.values()].reduce((sum, times) => sum + times, 0);
}

type MayBeName = (bytes: Buffer, at: number) => boolean;

/** Returns where the next bytes are for which a record is parsed whatever its name is, from `from` on, or Infinity. */
type Next = (bytes: Buffer, from: number) => number;

function nextOf(needles: readonly Buffer[]): Next {
  return (bytes, from) => {
    const found = needles.map((needle) => bytes.indexOf(needle, from)).filter((at) => at >= 0);
    return Math.min(nextEscapedLetter(bytes, from), ...found);
  };
}

/**
 * Each record begins with its version, and no string can hold these bytes, nor those of a member: its quotes would be escaped. Undefined for
 * whatever has another form, or does not parse so: a record without exactly one name, a name behind a space, a piece that is no record.
 */
function quickly(bytes: Buffer, mayBeName: MayBeName, nextSure: Next): LogFile | undefined {
  if (!(bytes.subarray(0, opening.length).equals(opening) && bytes.subarray(-3).equals(closing))) return undefined;
  const candidates: unknown[] = [];
  let records = 0;
  let sure = nextSure(bytes, 0);
  let member = nextNameMember(bytes, 0);
  for (let from = bytes.indexOf(start), next: number; from >= 0; from = next) {
    records += 1;
    next = bytes.indexOf(start, from + start.length);
    const end = next < 0 ? bytes.length - 2 : next - 1;
    const name = member + nameMember.length;
    if (member >= end || bytes[name] !== colon || bytes[name + 1] !== quote) return undefined;
    member = nextNameMember(bytes, name);
    // A second name: the parser says which one counts.
    if (member < end) return undefined;
    const isSure = sure < end;
    if (isSure) sure = nextSure(bytes, end);
    if (!(isSure || mayBeName(bytes, name + 2))) continue;
    const record = jsonOr(bytes.toString("utf8", from, end));
    if (record === undefined) return undefined;
    candidates.push(record);
  }
  return { records, candidates, unread: new Map() };
}

/** Returns where the next bytes `"eventName"` begin from `from` on, or Infinity. */
function nextNameMember(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(nameEnd, from); at >= 0; at = bytes.indexOf(nameEnd, at + nameEnd.length)) {
    const begin = at - beforeNameEnd;
    if (begin >= from && isNameMember(bytes, begin)) return begin;
  }
  return Number.POSITIVE_INFINITY;
}

/** Whether the bytes before the end of the name are its beginning, compared from behind: most differ in the first. */
function isNameMember(bytes: Buffer, begin: number): boolean {
  for (let n = beforeNameEnd - 1; n >= 0; n--) if (bytes[begin + n] !== nameMember[n]) return false;
  return true;
}

function beginningOf(bytes: Buffer, from: number): number {
  return ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
}

/** Returns the name that begins at `at`. */
function nameAt(bytes: Buffer, at: number): string {
  const text = bytes.toString("latin1", at, at + longestName);
  return text.slice(0, text.indexOf('"'));
}

/** Returns where a letter is written as `\u00..` from `from` on, or Infinity: a name that is spelled so cannot be recognized by its bytes. */
function nextEscapedLetter(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(letterEscape, from); at >= 0; at = bytes.indexOf(letterEscape, at + 1)) {
    const digit = bytes[at + letterEscape.length] ?? 0;
    if (digit >= 0x34 && digit <= 0x37) return at;
  }
  return Number.POSITIVE_INFINITY;
}
