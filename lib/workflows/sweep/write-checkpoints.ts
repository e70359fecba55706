import { GuardError } from "../../domain/guard-error.ts";
import {
  type Checkpoint,
  checkpointText,
  hoursToClose,
  makeCheckpoint,
  readCheckpoint,
  signedPart,
} from "../../domain/trail/checkpoint.ts";
import type { CheckpointArchive, KeptChain, SignText, TrailHeads } from "../ports/archive.ts";
import type { Log } from "../ports/guard.ts";

/** What closing hours works with. */
export interface Archivist {
  readonly archive: CheckpointArchive;
  readonly heads: TrailHeads;
  /** Where a key is configured. INVARIANT: then no checkpoint is written without its signature. */
  readonly sign?: SignText;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly log: Log;
}

/** One checkpoint, and the marks of what it anchors, take at most about this long. */
const timePerHourMs = 10_000;

/**
 * Closes every hour that is over and was not closed: a checkpoint for each, empty ones too, the first of them with all that is new. Answers how
 * many, and whether some are left. INVARIANT: a checkpoint is written before its entries count as anchored; a crash in between anchors them twice, which harms nothing.
 * Throws CHECKPOINT_UNREADABLE where the last one is damaged: nothing may follow what nobody can read.
 */
export async function writeCheckpoints(
  { archive, heads, sign, clock, log }: Archivist,
  timeLeft: () => number = () => Number.POSITIVE_INFINITY,
): Promise<{ readonly closed: number; readonly left: boolean }> {
  const now = clock();
  let before = await archive.latest(now);
  const hours = hoursToClose(readLast(before), now);
  if (hours.length === 0) return { closed: 0, left: false };
  const kept = await heads.all();
  const totals = { cases: kept.length, entries: kept.reduce((sum, { entries }) => sum + entries, 0) };
  let changed: readonly KeptChain[] = kept.filter(({ entries, anchored }) => entries !== anchored);
  let closed = 0;
  for (const hour of hours) {
    if (timeLeft() < timePerHourMs) break;
    const anchored = changed.map(({ name, entries, head }) => ({ case: name, entries, head }));
    const checkpoint = makeCheckpoint({ hour, now, before, changed: anchored, ...totals });
    const text = checkpointText(checkpoint, await sign?.(signedPart(checkpoint)));
    if ((await archive.write(hour, text)) === "there-is-one") {
      // Another run closed it first, or a response was lost: the next sweep reads what is there, and goes on from it.
      log("CHECKPOINT_EXISTS", { hour: new Date(hour).toISOString() });
      break;
    }
    for (const { name, entries } of changed) await heads.markAnchored(name, entries);
    log("CHECKPOINT_WRITTEN", { hour: new Date(hour).toISOString(), chains: anchored.length, ...totals });
    before = text;
    changed = [];
    closed += 1;
  }
  return { closed, left: hoursToClose(readLast(before), now).length > 0 };
}

function readLast(text: string | undefined): Checkpoint | undefined {
  const last = text === undefined ? undefined : readCheckpoint(text);
  if (typeof last !== "string") return last;
  throw new GuardError("CHECKPOINT_UNREADABLE", "dead-letter", `the last checkpoint is ${last}`);
}
