import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import { aliasState, type KeyLabels, type LabelSighting, tagState } from "../../lib/domain/policy/label-age.ts";
import type { LabelBook, LabelledKey } from "../../lib/workflows/ports/sweep.ts";
import { day, type KeyWorld } from "./key-world.ts";

type Labelled = Pick<KeyWorld, "tagsOfKey" | "aliasesOfKey">;

/** What the inventory knows of a key that has had its labels for 30 days before `now` (ms). */
export function labelsSeenForLong({ tagsOfKey, aliasesOfKey }: Labelled, now: number): KeyLabels {
  return labelsSeenSince({ tagsOfKey, aliasesOfKey }, now - 30 * day, now);
}

/** What the inventory knows of a key that it has seen with its labels from `since` to `at` (ms). Tags that it does not have are absent as long. */
export function labelsSeenSince({ tagsOfKey, aliasesOfKey }: Labelled, since: number, at: number): KeyLabels {
  const sighting = (state: string): LabelSighting => ({ state, since, at });
  const ofTag = (name: string) => sighting(tagState(Object.hasOwn(tagsOfKey, name) ? tagsOfKey[name] : undefined));
  const tags = new Proxy<Record<string, LabelSighting>>(
    {},
    {
      get: (_, name) => ofTag(String(name)),
      getOwnPropertyDescriptor: (_, name) => ({ configurable: true, enumerable: true, value: ofTag(String(name)) }),
    },
  );
  return { tags, aliases: sighting(aliasState(aliasesOfKey)) };
}

/** A label book in memory, in `parts` parts, with all labels noted at `notedAt` (ms) if it is given. */
export function createMemoryLabelBook(
  parts = 4,
  notedAt?: number,
): LabelBook & { readonly stored: Map<number, Map<KeyArn, LabelledKey>> } {
  const stored = new Map<number, Map<KeyArn, LabelledKey>>();
  let times: ReadonlyMap<number, number> = new Map(notedAt === undefined ? [] : [[parts, notedAt]]);
  return {
    stored,
    parts,
    partOf: (arn) => [...arn].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % parts,
    readAt: async () => new Map(times),
    noteReadAt: async (next) => {
      times = new Map(next);
    },
    read: async (part) => new Map(structuredClone(stored.get(part) ?? new Map())),
    write: async (part, keys) => {
      stored.set(part, structuredClone(new Map(keys)));
      return 0;
    },
  };
}
