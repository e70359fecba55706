import { caseOf } from "../../domain/case/fold.ts";
import {
  covers,
  type HistoryMark,
  isReadDue,
  markAfter,
  markFrom,
  nextStretch,
  watchedFrom,
} from "../../domain/case/history-mark.ts";
import type { DeletionRequest } from "../../domain/deletion/request.ts";
import { GuardError } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import { knows } from "../guard/begin-run.ts";
import type { CaseFile } from "../guard/case-file.ts";
import type { Guard } from "../guard/run.ts";
import type { EventHistory, HistoryMarks } from "../ports/sweep.ts";
import { work } from "./key.ts";

/** The pending deletions whose keys must not be deleted again unseen. */
export interface Watched {
  /** From when on (ms) later calls on each key count. */
  readonly since: ReadonlyMap<KeyArn, number>;
  /** Whether that is all of them: keys may not have been listed, or cases not read. */
  readonly isAll: boolean;
}

/** What reading forward works with. */
export interface ForwardReader {
  readonly guard: Guard;
  readonly history: EventHistory;
  readonly marks: HistoryMarks;
  /** Time (ms) left for it. */
  readonly timeLeft: () => number;
  readonly onCaseProcessed: (file: CaseFile) => void;
}

/** Returns the mark to read on from now, or undefined where there is nothing to read. `stored` is the mark as the last sweep left it. */
export function dueMark(
  { since, isAll }: Watched,
  stored: HistoryMark | undefined,
  now: number,
): HistoryMark | undefined {
  // INVARIANT: the mark never passes a call on a key that should have been watched.
  if (since.size === 0 || !isAll) return undefined;
  const mark = markFrom(stored, Math.min(...since.values()), now);
  return isReadDue(mark, now) ? mark : undefined;
}

/**
 * Reads CloudTrail's DeleteKey calls on from `begun`, stretch by stretch, and attaches each call on a watched key to its case. A stretch counts
 * once it was read to its end and its calls are on record. Returns whether what was read is recent enough to confirm deletions. Throws
 * HISTORY_UNAVAILABLE, or what the store or the control plane throw.
 */
export async function readForward(reader: ForwardReader, { since }: Watched, begun: HistoryMark): Promise<boolean> {
  const { guard, history, marks, timeLeft } = reader;
  const needed = Math.min(...since.values());
  let mark = begun;
  for (let isAtEnd = false; !isAtEnd && timeLeft() > 0; ) {
    const [now, before] = [guard.clock(), timeLeft()];
    const stretch = nextStretch(mark, before, now);
    const part = await history.read(stretch, timeLeft);
    const tookMs = before - timeLeft();
    if (part.complete) await attachCalls(reader, since, part.calls);
    mark = markAfter(mark, { ...stretch, ...part, tookMs }, now);
    await marks.save(mark);
    isAtEnd = !part.complete || stretch.to === undefined;
  }
  return covers(mark, needed, guard.clock());
}

async function attachCalls(
  reader: ForwardReader,
  since: Watched["since"],
  calls: ReadonlyMap<KeyArn, readonly DeletionRequest[]>,
): Promise<void> {
  for (const [keyArn, onKey] of calls) {
    const from = since.get(keyArn) ?? Number.POSITIVE_INFINITY;
    for (const call of onKey.filter(({ at }) => at >= from).toSorted((a, b) => a.at - b.at))
      await attachCall(reader, keyArn, call);
  }
}

/** INVARIANT: the mark passes a call only once the key's case knows it, or has no deletion to watch any more. */
async function attachCall({ guard, onCaseProcessed }: ForwardReader, keyArn: KeyArn, call: DeletionRequest) {
  if (!(await isNews(guard, keyArn, call))) return;
  for (const file of await work(guard, { source: "event", request: call, deliveries: 1 })) onCaseProcessed(file);
  if (await isNews(guard, keyArn, call))
    throw new GuardError("CASE_CHANGED", "retry", `a later deletion of \`${keyArn}\` could not be recorded`);
}

/** Returns whether `call` is at or after the one that the pending deletion of the key rests on, and no case knows it. */
async function isNews({ cases }: Guard, keyArn: KeyArn, call: DeletionRequest): Promise<boolean> {
  const { newest } = await cases.history(keyArn);
  if (newest === undefined) return false;
  const state = caseOf(newest.chain);
  const from = watchedFrom(state);
  return from !== undefined && call.at >= from && !knows({ state, earlier: newest.earlier }, call);
}
