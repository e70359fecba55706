import { createLabelBook } from "../../lib/aws/dynamodb/label-book.ts";
import { type KeyArn, parseKeyArn } from "../../lib/domain/key/key-arn.ts";
import { aliasState, type KeyLabels, type LabelSighting, tagState } from "../../lib/domain/policy/label-age.ts";
import type { LabelledKey } from "../../lib/workflows/ports/sweep.ts";
import type { ControlPlane, LabelledKey as LocalKey } from "../aws/payment-cryptography/control-plane.ts";
import type { World } from "./world.ts";

/** What has keys, a table, and the time. */
export interface Remembering {
  readonly controlPlane: Pick<ControlPlane, "keys">;
  readonly store: World["store"];
  readonly tableName: string;
  readonly clock: { now(): number };
}

/**
 * Gives a world a past: as if the daily inventory had been taken all the time, it knows each key of `arns` (all, where nothing is said) with its
 * labels of today since its creation, or since they were last seen to change; of its tags, those in `tagNames` (those that any key has).
 */
export async function rememberLabels(
  { controlPlane, store, tableName, clock }: Remembering,
  arns?: ReadonlySet<string>,
  tagNames?: readonly string[],
): Promise<void> {
  const book = createLabelBook(store, tableName);
  const all = controlPlane.keys().filter(({ KeyState }) => KeyState !== "DELETE_COMPLETE");
  const names = new Set(tagNames ?? all.flatMap(({ tags }) => Object.keys(tags)));
  const known = all.flatMap((key) => {
    const arn = parseKeyArn(key.KeyArn);
    return arn === undefined || arns?.has(arn) === false ? [] : [{ arn, key }];
  });
  for (const [part, own] of Map.groupBy(known, ({ arn }) => book.partOf(arn))) {
    const stored = await book.read(part);
    const keys = new Map<KeyArn, LabelledKey>(stored === "unreadable" ? [] : stored);
    for (const { arn, key } of own) {
      const before = keys.get(arn) ?? { toRead: [], labels: { tags: {} } };
      keys.set(arn, { ...before, labels: labelsAt(clock.now(), key, names, before.labels) });
    }
    await book.write(part, keys);
  }
}

/** What the inventory of a world has seen of a key, for the console. Undefined where it has not seen the key, or cannot be read. */
export async function labelsSeen({
  store,
  tableName,
}: Pick<World, "store" | "tableName">): Promise<ReadonlyMap<string, KeyLabels>> {
  const book = createLabelBook(store, tableName);
  const parts = await Promise.all(Array.from({ length: book.parts }, async (_, part) => await book.read(part)));
  return new Map(
    parts.flatMap((keys) =>
      keys === "unreadable" ? [] : [...keys].map(([arn, { labels }]) => [arn, labels] as const),
    ),
  );
}

function labelsAt(now: number, key: LocalKey, names: ReadonlySet<string>, before: KeyLabels): KeyLabels {
  const sighting = (was: LabelSighting | undefined, state: string): LabelSighting => ({
    state,
    since: was === undefined ? key.CreateTimestamp * 1000 : was.state === state ? was.since : now,
    at: now,
  });
  const tags = [...names].map((name) => [name, sighting(before.tags[name], tagState(key.tags[name]))] as const);
  return { tags: Object.fromEntries(tags), aliases: sighting(before.aliases, aliasState(key.aliases)) };
}
