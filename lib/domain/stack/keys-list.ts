import { keyArnParts } from "../key/key-arn.ts";
import type { KnownKey } from "../key/payment-key.ts";
import { canonicalJson, sha256Hex } from "../ledger/canonical-json.ts";
import { dayText } from "../ledger/day-name.ts";
import type { BodyOf, Entry } from "../ledger/entry.ts";
import { dayMs } from "../time.ts";
import { wellFormed } from "../well-formed.ts";

/** A key as ListKeys showed it. */
export interface SeenKey extends KnownKey {
  readonly alive: boolean;
  readonly pending: boolean;
  readonly enabled: boolean;
}

export type KeysListed = BodyOf<"keys-listed">;
type ListedKey = KeysListed["listed"][number];

/** The keys of one part take at most so many bytes: a line of the log takes 60,000. */
const maxPartBytes = 45_000;
/** Longer than any attribute of a key (characters): so a key takes at most some 3 KB. */
const maxAttribute = 400;
/** A list is repeated after so many days, so that no trail in use depends on one that has expired. */
const repeatAfterDays = 30;

/** The list of all keys, in a fixed order, in parts that fit into an entry each. */
export interface KeysList {
  readonly keys: number;
  readonly sha256: string;
  readonly parts: readonly (readonly ListedKey[])[];
}

/** Returns the list of `keys`; `aliases` counts those of each key by its ARN, and is undefined where they could not be listed. */
export function keysList(keys: readonly SeenKey[], aliases: ReadonlyMap<string, number> | undefined): KeysList {
  const listed = keys
    .map((key) => listedKey(key, aliases && (aliases.get(key.arn) ?? 0)))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return { keys: listed.length, sha256: sha256Hex(canonicalJson(listed)), parts: inParts(listed) };
}

function listedKey({ arn, alive, pending, enabled, ...key }: SeenKey, aliases: number | undefined): ListedKey {
  const state = alive ? "live" : pending ? "pending" : "other";
  const text = (name: "usage" | "keyClass" | "algorithm" | "kcv") =>
    key[name] === undefined ? {} : { [name]: wellFormed(key[name], maxAttribute) };
  return {
    ...{ id: keyArnParts(arn).keyId, state, enabled },
    ...{ ...text("usage"), ...text("keyClass"), ...text("algorithm"), ...text("kcv") },
    ...(key.exportable !== undefined && { exportable: key.exportable }),
    ...(aliases !== undefined && { aliases }),
  };
}

function inParts(listed: readonly ListedKey[]): readonly (readonly ListedKey[])[] {
  const parts: ListedKey[][] = [[]];
  let bytes = 0;
  for (const key of listed) {
    const own = Buffer.byteLength(canonicalJson(key)) + 1;
    if (bytes + own > maxPartBytes) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(key);
    bytes += own;
  }
  return parts;
}

/** Returns the entries that record `list` for the day of `at` (ms): one that names an earlier day where `before`, the entries of the day before, have the same list. */
export function keysEntries(
  { keys, sha256, parts }: KeysList,
  at: number,
  before: readonly Entry[],
): readonly KeysListed[] {
  const frame = { kind: "keys-listed" as const, day: dayText(at), keys, sha256 };
  const sameAs = earlierDay(sha256, at, before);
  if (sameAs !== undefined) return [{ ...frame, part: 1, parts: 1, sameAs, listed: [] }];
  return parts.map((listed, n) => ({ ...frame, part: n + 1, parts: parts.length, listed }));
}

/** Returns whether `entries`, those of one day, hold a whole list, or name the day that does. */
export function isListed(entries: readonly Entry[]): boolean {
  const lists = Map.groupBy(entries.filter(isKeysListed), ({ sha256 }) => sha256);
  return [...lists.values()].some((list) => dayOfList(list) !== undefined);
}

/** Returns the day whose chains hold the list, if it is recent. */
function earlierDay(sha256: string, at: number, before: readonly Entry[]): string | undefined {
  const day = dayOfList(before.filter(isKeysListed).filter((entry) => entry.sha256 === sha256));
  return day !== undefined && at - Date.parse(day) < repeatAfterDays * dayMs ? day : undefined;
}

/** Returns the day whose chains hold the whole of the list that `parts` are of. */
function dayOfList(parts: readonly KeysListed[]): string | undefined {
  const named = parts.find(({ sameAs }) => sameAs !== undefined)?.sameAs;
  if (named !== undefined) return named;
  const found = new Set(parts.map(({ part }) => part));
  return found.size > 0 && found.size === parts[0]?.parts ? parts[0].day : undefined;
}

function isKeysListed(entry: Entry): entry is Extract<Entry, { kind: "keys-listed" }> {
  return entry.kind === "keys-listed";
}
