import { codeOf } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import {
  aliasesIn,
  aliasState,
  type KeyLabels,
  type LabelSighting,
  sightingAfter,
} from "../../domain/policy/label-age.ts";
import { tagsThatMatter, watchedTags, watchesAliases } from "../../domain/policy/watched-labels.ts";
import type { Guard } from "../guard/run.ts";
import type { InventoriedKey, Log } from "../ports/guard.ts";
import type { KeyLists, LabelBook, LabelledKey, ListedAlias } from "../ports/sweep.ts";
import type { Listed } from "./note-listed-states.ts";

/** What the label book is kept with. */
export interface LabelNoting {
  readonly guard: Pick<Guard, "policy" | "clock" | "log">;
  readonly keyLists: Pick<KeyLists, "allAliases">;
  readonly book: LabelBook;
}

/** What one inventory has found. */
export interface NewInventory {
  readonly keys: readonly InventoriedKey[];
  /** The keys that it has seen for the first time. */
  readonly fresh: ReadonlySet<KeyArn>;
}

/** The names of keys: now, undefined where they could not be listed, and by the inventory before. */
export type Names = Pick<Listed, "aliases" | "namesBefore">;

/**
 * Notes the aliases of all keys, by which people know them, and which tags of which key are to be read: those that can matter to the policy. Tags
 * are read later, one call a key (see `readTags`), those of new keys first. Returns the aliases, and the names that keys had by the book
 * before. Throws what the store throws, and what ListAliases throws if the policy reads aliases: a policy that reads none only lacks names.
 */
export async function noteLabels({ guard, keyLists, book }: LabelNoting, found: NewInventory): Promise<Names> {
  const { policy, clock, log } = guard;
  const at = clock();
  const listed = await listAliases(guard, keyLists);
  const aliases = listed && aliasesByKey(listed);
  const namesBefore = new Set<string>();
  const byPart = Map.groupBy(found.keys, ({ arn }) => book.partOf(arn));
  const times = new Map(await book.readAt());
  for (let part = 0; part < book.parts; part++) {
    const stored = await book.read(part);
    if (stored === "unreadable") log("LABELS_UNREADABLE", { part, fact: "labelAge", code: "INVENTORY_UNREADABLE" });
    const before = stored === "unreadable" ? new Map<KeyArn, LabelledKey>() : stored;
    for (const name of [...before.values()].flatMap(namesOf)) namesBefore.add(name);
    const present = (byPart.get(part) ?? []).filter(({ alive, pending }) => alive || pending);
    const noted = present.map((key) => {
      const own = aliases === undefined ? undefined : (aliases.get(key.arn) ?? []);
      const isNew = found.fresh.has(key.arn) && stored !== "unreadable";
      return [key.arn, notedKey(before.get(key.arn), { key, own, isNew, at }, policy)] as const;
    });
    await writePart({ book, log }, part, new Map(noted));
    if (noted.some(([, { toRead, triedAt }]) => toRead.length > 0 && triedAt === undefined)) times.delete(part);
  }
  await book.noteReadAt(times.set(afterAllParts(book), at));
  return { aliases: listed, namesBefore };
}

/** Returns when labels were last noted to the end (ms), or undefined. */
export async function labelsNotedAt(book: LabelBook): Promise<number | undefined> {
  return (await book.readAt()).get(afterAllParts(book));
}

/** The times of parts have one more place: that of the inventory as a whole. */
function afterAllParts({ parts }: LabelBook): number {
  return parts;
}

function namesOf({ labels: { aliases } }: LabelledKey): readonly string[] {
  return (aliases && aliasesIn(aliases.state)) ?? [];
}

function aliasesByKey(listed: readonly ListedAlias[]): ReadonlyMap<string, readonly string[]> {
  const byKey = Map.groupBy(listed, ({ target }) => target);
  return new Map([...byKey].flatMap(([arn, own]) => (arn === undefined ? [] : [[arn, own.map(({ alias }) => alias)]])));
}

/** Names that cannot be listed today stay those of yesterday; as labels of a rule they grow stale by themselves. */
function aliasesSeen(
  before: LabelSighting | undefined,
  own: KeyNow["own"],
  at: number,
  isFirst: boolean,
): Pick<KeyLabels, "aliases"> {
  if (own !== undefined) return { aliases: sightingAfter(before, aliasState(own), at, isFirst) };
  return before === undefined ? {} : { aliases: before };
}

async function listAliases(
  { policy, log }: LabelNoting["guard"],
  keyLists: LabelNoting["keyLists"],
): Promise<readonly ListedAlias[] | undefined> {
  try {
    return await keyLists.allAliases();
  } catch (error) {
    if (watchesAliases(policy)) throw error;
    log("LABELS_UNREADABLE", { fact: "aliases", code: codeOf(error) });
    return undefined;
  }
}

/** Writes a part of the label book. A key without room is logged: its labels count no more. Throws STORE_UNAVAILABLE. */
export async function writePart(
  { book, log }: { readonly book: LabelBook; readonly log: Log },
  part: number,
  keys: ReadonlyMap<KeyArn, LabelledKey>,
): Promise<void> {
  const left = await book.write(part, keys);
  if (left > 0) log("LABELS_UNREADABLE", { part, fact: "labelAge", code: "INVENTORY_FULL", keys: left });
}

interface KeyNow {
  readonly key: InventoriedKey;
  /** Undefined where aliases could not be listed. */
  readonly own: readonly string[] | undefined;
  readonly isNew: boolean;
  readonly at: number;
}

function notedKey(
  before: LabelledKey | undefined,
  { key, own, isNew, at }: KeyNow,
  policy: Guard["policy"],
): LabelledKey {
  const watched = new Set(watchedTags(policy));
  const tags = Object.entries(before?.labels.tags ?? {}).filter(([name]) => watched.has(name));
  const isFirst = before === undefined && isNew;
  return {
    labels: {
      tags: Object.fromEntries(tags),
      ...aliasesSeen(before?.labels.aliases, own, at, isFirst),
    },
    toRead: tagsThatMatter(policy, key, own ?? []),
    ...(before?.triedAt !== undefined && { triedAt: before.triedAt }),
    ...(isFirst && { isNew: true as const }),
  };
}
