import { codeOf } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import { sightingAfter, tagState } from "../../domain/policy/label-age.ts";
import { watchedTags } from "../../domain/policy/watched-labels.ts";
import { hourMs } from "../../domain/time.ts";
import type { Guard } from "../guard/run.ts";
import type { LabelBook, LabelledKey } from "../ports/sweep.ts";
import type { CallShare } from "./call-share.ts";
import { writePart } from "./note-labels.ts";

/** What the reading of tags works with. */
export interface TagReading {
  readonly guard: Pick<Guard, "policy" | "keys" | "clock" | "log">;
  readonly book: LabelBook;
  /** ListTagsForResource is called once a key. */
  readonly calls: CallShare;
  /** Is called with all tags of each key that was read. Throws what the store throws. */
  readonly onTags: (keyArn: KeyArn, tags: Readonly<Record<string, string>>, at: number) => Promise<void>;
}

/** The calls of one sweep take about so long (ms) at a call a second. */
export const tagReadingMs = 30_000;

/** A part is due again after so long (ms): an hour early, as the inventory. */
const readEveryMs = 23 * hourMs;
/** A key that was tried within this time (ms) is not tried again in this round. */
const roundMs = 12 * hourMs;

/** Returns the parts whose tags are to be read now, the longest overdue first. */
export async function partsToRead({ guard, book }: Pick<TagReading, "guard" | "book">): Promise<readonly number[]> {
  if (watchedTags(guard.policy).length === 0) return [];
  const times = await book.readAt();
  const now = guard.clock();
  const lastRead = (part: number) => times.get(part) ?? Number.NEGATIVE_INFINITY;
  return Array.from({ length: book.parts }, (_, part) => part)
    .filter((part) => now - lastRead(part) >= readEveryMs || lastRead(part) > now + readEveryMs)
    .sort((a, b) => lastRead(a) - lastRead(b) || a - b);
}

/**
 * Reads the tags of keys part by part, one call a key, as far as there is time and this sweep's share of calls goes; the next sweep goes on. A key
 * whose tags cannot be read keeps what was seen of it, which counts no more after three days. Returns whether something is left. Throws
 * STORE_UNAVAILABLE, or CONTROL_PLANE_UNAVAILABLE for a service that answers nobody.
 */
export async function readTags(reading: TagReading, parts: readonly number[]): Promise<{ readonly left: boolean }> {
  for (const part of parts) {
    if (reading.calls.left() <= 0 || !(await readPart(reading, part))) return { left: true };
    await reading.book.noteReadAt(new Map(await reading.book.readAt()).set(part, reading.guard.clock()));
  }
  return { left: false };
}

/** Returns whether the part was read to its end. What was read stays read, also when the service fails in between. */
async function readPart(reading: TagReading, part: number): Promise<boolean> {
  const { guard, book, calls } = reading;
  const stored = await book.read(part);
  // The next inventory begins such a part again.
  if (stored === "unreadable") return true;
  const keys = new Map(stored);
  const now = guard.clock();
  const due = [...keys].filter(([, key]) => key.toRead.length > 0 && now - (key.triedAt ?? 0) >= roundMs);
  if (due.length === 0) return true;
  try {
    for (const [arn, key] of due) {
      if (calls.left() <= 0) return false;
      calls.take();
      // First: a key about which the service fails must not keep all others from being read, sweep after sweep.
      keys.set(arn, { ...key, triedAt: guard.clock() });
      keys.set(arn, await readKey(reading, arn, key));
    }
    return true;
  } finally {
    await writePart({ book, log: guard.log }, part, keys);
  }
}

/** What the service answers about one key only. */
const ofOneKey = ["ACCESS_DENIED", "CONTROL_PLANE_REFUSED"];

async function readKey({ guard, onTags }: TagReading, arn: KeyArn, key: LabelledKey): Promise<LabelledKey> {
  const { keys, clock, log } = guard;
  const { isNew, ...tried } = { ...key, triedAt: clock() };
  try {
    const own = await keys.tags(arn);
    await onTags(arn, own, tried.triedAt);
    const at = clock();
    const seen = key.toRead.map((name) => {
      const state = tagState(Object.hasOwn(own, name) ? own[name] : undefined);
      return [name, sightingAfter(key.labels.tags[name], state, at, isNew)] as const;
    });
    return { ...tried, labels: { ...key.labels, tags: { ...key.labels.tags, ...Object.fromEntries(seen) } } };
  } catch (error) {
    log("LABELS_UNREADABLE", { keyArn: arn, fact: "tags", code: codeOf(error) });
    if (!ofOneKey.includes(codeOf(error))) throw error;
    return tried;
  }
}
