import { sha256Hex } from "../ledger/canonical-json.ts";
import { genesis, readChain } from "../ledger/chain.ts";
import type { BodyOf, Entry } from "../ledger/entry.ts";
import { belongs } from "./belongs.ts";
import { maxLineBytes } from "./object.ts";

/** How far a chain was logged: number of its entries, and SHA-256 of the last. */
export interface Head {
  readonly entries: number;
  readonly head: string;
}

/** A chain as the table holds it: nothing of it is believed. */
export interface FoundChain {
  readonly name: string;
  /** The stored text of each entry. */
  readonly texts: readonly string[];
}

export type TrailDiffers = BodyOf<"trail-differs">;

/** What a chain of the table adds to the log, and whether it contradicts what was logged of it. */
export interface Comparison {
  readonly lines: readonly string[];
  readonly differs?: TrailDiffers;
}

/** Compares a chain found in the table with what was logged of it. Where they differ, nothing of the chain is added. */
export function compareChain(logged: Head | undefined, { name, texts }: FoundChain): Comparison {
  const known = logged ?? { entries: 0, head: genesis };
  const found = { entries: texts.length, head: texts.length === 0 ? genesis : sha256Hex(texts.at(-1) ?? "") };
  if (texts.length > 0 && isSame(known, found) && linksHold(texts)) return nothingNew;
  const { valid, damage } = readable(name, texts);
  const differs: TrailDiffers = {
    kind: "trail-differs",
    ...{ subject: name, loggedEntries: known.entries, loggedHead: known.head },
    ...{ foundEntries: found.entries, foundHead: found.head, ...(damage !== undefined && { damage }) },
  };
  const last = known.entries === 0 ? genesis : sha256Hex(valid[known.entries - 1] ?? "");
  if (valid.length < known.entries || last !== known.head) return { lines: [], differs };
  return { lines: valid.slice(known.entries), ...(damage !== undefined && { differs }) };
}

const nothingNew: Comparison = { lines: [] };

/** Returns the entries from the first up to the one before the first that cannot be read, and its damage. */
function readable(name: string, texts: readonly string[]): { valid: readonly string[]; damage?: string } {
  const long = texts.findIndex((text) => Buffer.byteLength(text) > maxLineBytes);
  const short = long === -1 ? texts : texts.slice(0, long);
  const reading = readChain(short, name);
  const entries = reading.ok ? reading.chain.entries : short.slice(0, reading.seq - 1).map(entryIn);
  const damage = reading.ok ? long !== -1 && "too-long" : reading.damage;
  const stray = entries.findIndex((entry) => !belongs(entry, name));
  if (stray !== -1) return { valid: short.slice(0, stray), damage: "no-beginning" };
  return { valid: short.slice(0, entries.length), ...(damage !== false && { damage }) };
}

function entryIn(text: string): Entry {
  return JSON.parse(text) as Entry;
}

/** Whether each text names the hash of the one before it: the last one then stands for all. Much faster than reading them. */
function linksHold(texts: readonly string[]): boolean {
  let before = genesis;
  return texts.every((text) => {
    const holds = prevIn(text) === before;
    before = sha256Hex(text);
    return holds;
  });
}

function prevIn(text: string): unknown {
  try {
    return (JSON.parse(text) as { readonly prev?: unknown } | null)?.prev;
  } catch {
    return undefined;
  }
}

function isSame(one: Head, other: Head): boolean {
  return one.entries === other.entries && one.head === other.head;
}
