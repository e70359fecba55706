import { GuardError } from "../../domain/guard-error.ts";
import { growthProof } from "../../domain/log/growth.ts";
import { leafHash } from "../../domain/log/hash.ts";
import { type LogObject, readObject } from "../../domain/log/object.ts";
import { objectName } from "../../domain/log/object-name.ts";
import { LogTail } from "../../domain/log/tail.ts";
import type { LogStore } from "../ports/log-store.ts";
import type { NumberedCheckpoint, SequencerDeps } from "./log-memory.ts";

/** A checkpoint, and the proof that the log after it begins with what the witness has. */
export interface Growth extends NumberedCheckpoint {
  readonly proof: readonly Buffer[];
}

/** What the witness has, and which object probably comes after it. */
export interface Known {
  readonly size: number;
  readonly probableNext: number;
}

/** Objects that are read at the same time, and for one proof: a longer way to the newest checkpoint is gone in steps. */
const concurrency = 16;
const mostObjects = 256;

/**
 * Returns the newest checkpoint up to `newest` to which growth from what the witness has can be proven by reading at most 256 objects, or in the time left; undefined
 * where no object of the log begins at that size: a log that was cosigned at its checkpoints has one. Throws ARCHIVE_UNAVAILABLE.
 */
export async function growthSince(
  { store, origin }: Pick<SequencerDeps, "store" | "origin">,
  { size, probableNext }: Known,
  newest: NumberedCheckpoint,
  hasTime: () => boolean,
): Promise<Growth | undefined> {
  if (size === 0 || size === newest.checkpoint.size) return { ...newest, proof: [] };
  const probable = await readableFrom(store, probableNext, Math.min(probableNext, newest.number));
  const isIt = probable !== undefined && probable !== "expired" && probable.before.size === size;
  const first = isIt ? probable : await firstFrom(store, size, newest.number);
  if (first?.before.size !== size) return undefined;
  const { number, prev, before } = first;
  const tail = new LogTail({ number: number - 1, prev, frontier: before, heads: new Map(), reported: new Set() });
  const leaves: Buffer[] = [];
  let reached: NumberedCheckpoint | undefined;
  while (tail.state.number < newest.number && (reached === undefined || hasTime())) {
    const next = tail.state.number + 1;
    if (next >= number + mostObjects) break;
    const objects = await readFrom(store, next, Math.min(next + concurrency - 1, newest.number));
    for (const { bytes } of objects) {
      if (tail.take(bytes) !== "taken") continue;
      leaves.push(...linesIn(bytes).map(leafHash));
      reached = { number: tail.state.number, checkpoint: tail.checkpoint(origin) };
    }
  }
  return reached && { ...reached, proof: growthProof(before, leaves) };
}

function linesIn(bytes: Uint8Array): readonly string[] {
  return readObject(bytes)?.lines ?? [];
}

async function readFrom(store: LogStore, first: number, last: number) {
  const numbers = Array.from({ length: last - first + 1 }, (_, n) => first + n);
  return await Promise.all(
    numbers.map(async (number) => {
      const object = await store.read(objectName(number));
      if (object === undefined) throw new GuardError("ARCHIVE_UNAVAILABLE", "retry", `object ${number} is gone`);
      return object;
    }),
  );
}

/** Returns the first object up to `last` that begins at `size` entries or more, by bisection. The oldest objects may have expired. */
async function firstFrom(store: LogStore, size: number, last: number): Promise<LogObject | undefined> {
  let [low, high] = [1, last + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const probe = await readableFrom(store, middle, last);
    if (probe === "expired") low = middle + 1;
    else if (probe === undefined || probe.before.size >= size) high = middle;
    else low = probe.number + 1;
  }
  const found = low > last ? undefined : await readableFrom(store, low, last);
  return found === "expired" ? undefined : found;
}

/** Returns the object `number`, or the next one after whatever else holds numbers of the log. */
async function readableFrom(store: LogStore, number: number, last: number): Promise<LogObject | "expired" | undefined> {
  for (let at = number; at <= last; at += 1) {
    const stored = await store.read(objectName(at));
    if (stored === undefined) return "expired";
    const object = readObject(stored.bytes);
    if (object?.number === at) return object;
  }
  return undefined;
}
