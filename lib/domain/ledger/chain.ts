import { printableText } from "../printable-text.ts";
import { boundedValues } from "./bounded-values.ts";
import { canonicalJson, isCanonicalJson, sha256Hex } from "./canonical-json.ts";
import type { ChainName } from "./chain-name.ts";
import { type Entry, type EntryBody, isEntryKind, wrongMember } from "./entry.ts";

/** What the first entry of a chain names as the hash before it. */
export const genesis = "0".repeat(64);

/** An append-only list of entries: each stored as the very text that was hashed. */
export interface Chain {
  readonly name: ChainName;
  readonly entries: readonly Entry[];
  readonly texts: readonly string[];
  /** SHA-256 of the last text, or `genesis`. */
  readonly head: string;
}

/** Begins the chain `name`. */
export function emptyChain(name: ChainName): Chain {
  return { name, entries: [], texts: [], head: genesis };
}

/** `chain` with one more entry, made at `at` (ms since the epoch). INVARIANT: `readChain` reads it back, whatever its texts and numbers are, also those that an attacker chose. */
export function append(chain: Chain, body: EntryBody, at: number): Chain {
  const { name, entries, texts, head } = chain;
  const entry = linkedEntry({ name, seq: entries.length + 1, prev: head }, body, at);
  const text = canonicalJson(entry);
  return { name, entries: [...entries, entry], texts: [...texts, text], head: sha256Hex(text) };
}

/** Returns the entry at the place `link`, made at `at` (ms since the epoch). */
export function linkedEntry({ name, seq, prev }: Link, body: EntryBody, at: number): Entry {
  return { ...boundedValues({ ...body, at }), chain: name as ChainName, seq, prev };
}

export type ChainReading = { readonly ok: true; readonly chain: Chain } | DamagedChain;

/** The first entry of a chain that does not hold, by its number (from 1). */
export interface DamagedChain {
  readonly ok: false;
  readonly seq: number;
  readonly damage: ChainDamage;
  /** With `wrong-shape`: the member that is missing, unknown or of another form, as `request.requester.arn`. */
  readonly path?: string;
}

export type ChainDamage =
  | "empty"
  | "not-json"
  | "not-canonical"
  | "wrong-chain"
  | "wrong-seq"
  | "wrong-prev"
  | "unknown-kind"
  | "wrong-shape";

/** Returns what is wrong with a chain, in words for a log or a terminal. */
export function damageText({ seq, damage, path }: DamagedChain): string {
  return `entry ${seq}: ${damage}${path === undefined ? "" : ` (${printableText(path)})`}`;
}

/** Reads the stored texts of the chain `name` and checks every link and every member; names the first entry (`seq`, from 1) that does not hold. */
export function readChain(texts: readonly string[], name: string): ChainReading {
  if (texts.length === 0) return { ok: false, seq: 1, damage: "empty" };
  const entries: Entry[] = [];
  let head = genesis;
  for (const [index, text] of texts.entries()) {
    const seq = index + 1;
    const reading = readEntry(text, { name, seq, prev: head });
    if (!reading.ok) return { ...reading, seq };
    entries.push(reading.entry);
    head = sha256Hex(text);
  }
  return { ok: true, chain: { name: name as ChainName, entries, texts, head } };
}

/** The place of an entry: its chain, its number in it (from 1), and the hash of the entry before it. */
export interface Link {
  readonly name: string;
  readonly seq: number;
  readonly prev: string;
}

export type EntryReading = { readonly ok: true; readonly entry: Entry } | DamagedEntry;
export type DamagedEntry = Omit<DamagedChain, "seq">;

/** Reads the stored text of one entry and checks its link, its form and every member. */
export function readEntry(text: string, link: Link): EntryReading {
  return readMembers(membersIn(text), text, link);
}

/** Reads an entry as `readEntry` does, from what `membersIn` makes of its text. */
export function readMembers(entry: Members | undefined, text: string, link: Link): EntryReading {
  if (entry === undefined) return { ok: false, damage: "not-json" };
  const damage = linkDamage(entry, text, link);
  if (damage !== undefined) return { ok: false, damage };
  const path = wrongMember(entry);
  return path === undefined
    ? { ok: true, entry: entry as unknown as Entry }
    : { ok: false, damage: "wrong-shape", path };
}

/** The members of an entry, of which nothing is known. */
export type Members = Partial<Record<string, unknown>>;

/** Returns the object in `text`, or undefined for anything else. */
export function membersIn(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : undefined;
  } catch {
    return undefined;
  }
}

function linkDamage(entry: Members, text: string, { name, seq, prev }: Link): ChainDamage | undefined {
  if (entry["chain"] !== name) return "wrong-chain";
  if (entry["seq"] !== seq) return "wrong-seq";
  if (entry["prev"] !== prev) return "wrong-prev";
  if (!isEntryKind(entry["kind"])) return "unknown-kind";
  return isCanonicalJson(entry, text) ? undefined : "not-canonical";
}
