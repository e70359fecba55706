import { boundedTexts } from "./bounded-texts.ts";
import { canonicalJson, isCanonicalJson, sha256Hex } from "./canonical-json.ts";
import type { ChainName } from "./chain-name.ts";
import { type Entry, type EntryBody, isEntryKind } from "./entry.ts";

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

/** `chain` with one more entry, made at `at` (ms since the epoch). INVARIANT: no text in an entry is longer than `maxFieldBytes`, whoever chose it. */
export function append(chain: Chain, body: EntryBody, at: number): Chain {
  const { name, entries, texts, head } = chain;
  const entry: Entry = { ...boundedTexts(body), chain: name, seq: entries.length + 1, at, prev: head };
  const text = canonicalJson(entry);
  return { name, entries: [...entries, entry], texts: [...texts, text], head: sha256Hex(text) };
}

export type ChainReading =
  | { readonly ok: true; readonly chain: Chain }
  | { readonly ok: false; readonly seq: number; readonly damage: ChainDamage };

export type ChainDamage =
  | "not-json"
  | "not-canonical"
  | "wrong-chain"
  | "wrong-seq"
  | "wrong-prev"
  | "unknown-kind"
  | "empty";

/** Reads the stored texts of the chain `name` and checks every link; names the first entry (`seq`, from 1) that does not hold. */
export function readChain(texts: readonly string[], name: string): ChainReading {
  if (texts.length === 0) return { ok: false, seq: 1, damage: "empty" };
  const entries: Entry[] = [];
  let head = genesis;
  for (const [index, text] of texts.entries()) {
    const seq = index + 1;
    const entry = parseEntry(text, { name, seq, prev: head });
    if (typeof entry === "string") return { ok: false, seq, damage: entry };
    entries.push(entry);
    head = sha256Hex(text);
  }
  return { ok: true, chain: { name: name as ChainName, entries, texts, head } };
}

/** Returns the name of the chain that the text of an entry claims to be of; empty where it names none. */
export function chainNamedIn(text: string): string {
  try {
    const { chain } = JSON.parse(text) as { readonly chain?: unknown };
    return typeof chain === "string" ? chain : "";
  } catch {
    return "";
  }
}

interface Link {
  readonly name: string;
  readonly seq: number;
  readonly prev: string;
}

function parseEntry(text: string, { name, seq, prev }: Link): Entry | ChainDamage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "not-json";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "not-json";
  const entry = value as Partial<Record<string, unknown>>;
  if (entry["chain"] !== name) return "wrong-chain";
  if (entry["seq"] !== seq) return "wrong-seq";
  if (entry["prev"] !== prev) return "wrong-prev";
  if (!isEntryKind(entry["kind"]) || typeof entry["at"] !== "number") return "unknown-kind";
  return isCanonicalJson(entry, text) ? (value as Entry) : "not-canonical";
}
