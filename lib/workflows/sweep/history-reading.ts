import type { RecordOfCall } from "../../domain/case/finding.ts";
import { covers, type HistoryMark } from "../../domain/case/history-mark.ts";
import type { DeletionRequest } from "../../domain/deletion/request.ts";
import { codeOf } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { Log } from "../ports/guard.ts";
import type { EventHistory, HistoryPart } from "../ports/sweep.ts";

/** What one sweep reads of CloudTrail's event history for the cases in doubt. Never throws: what cannot be read is unread. */
export interface HistoryReading {
  /** Returns the successful DeleteKey calls on a key since `since` (ms), as far as there is time to read them. See `watchedFrom`. */
  calls(keyArn: KeyArn, since: number, isWatched: boolean): Promise<KeyCalls>;
  /** Looks up the record of one call. */
  record(eventId: string): Promise<RecordOfCall>;
}

/** The calls on one key. */
export interface KeyCalls {
  readonly calls: readonly DeletionRequest[];
  /** `whole`: that is all of them. `forward`: all others are on record in the key's case. `cut`: others may be missing. */
  readonly read: "whole" | "forward" | "cut";
}

/** What a reading works with. */
export interface ReadingInput {
  readonly history: EventHistory;
  /** How far the history was read forward. */
  readonly mark: HistoryMark | undefined;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly log: Log;
  /** Time (ms) that the sweep has left. */
  readonly timeLeft: () => number;
  /** Time (ms) that all reading may take. Half of it is kept for looking up single records. */
  readonly budgetMs: number;
}

/** Returns a reading that asks CloudTrail only where something is in doubt, once for all keys, and never longer than its budget. */
export function createHistoryReading({ history, mark, clock, log, timeLeft, budgetMs }: ReadingInput): HistoryReading {
  const budget = { pages: budgetMs / 2, all: budgetMs };
  const parts: HistoryPart[] = [];
  const records = new Map<string, Promise<RecordOfCall>>();
  /** Everything since then is in `parts`, or cannot be read in this sweep. */
  let readFrom: number | undefined;
  let down = false;

  const spend = async <Read>(read: () => Promise<Read>): Promise<Read | undefined> => {
    const before = timeLeft();
    try {
      return await read();
    } catch (error) {
      down = true;
      log("SWEEP_STEP_FAILED", { step: "read-history", code: codeOf(error) });
      return undefined;
    } finally {
      const spent = Math.max(0, before - timeLeft());
      budget.pages -= spent;
      budget.all -= spent;
    }
  };

  const readSince = async (since: number): Promise<void> => {
    if (readFrom !== undefined && readFrom <= since) return;
    const stretch = { from: since, ...(readFrom !== undefined && { to: readFrom }) };
    const begun = timeLeft();
    const part = await spend(async () => {
      return await history.read(stretch, () => Math.min(budget.pages - (begun - timeLeft()), timeLeft()));
    });
    parts.push(part ?? { calls: new Map(), complete: false });
    readFrom = since;
  };

  const isWhole = () => parts.every(({ complete }) => complete);
  return {
    calls: async (keyArn, since, isWatched) => {
      if (!down && isWhole() && budget.pages > 0) await readSince(since);
      const calls = parts.flatMap((part) => part.calls.get(keyArn) ?? []).filter(({ at }) => at >= since);
      if (isWhole() && readFrom !== undefined && readFrom <= since) return { calls, read: "whole" };
      return { calls, read: isWatched && covers(mark, since, clock()) ? "forward" : "cut" };
    },
    record: async (eventId) => {
      const known = records.get(eventId);
      if (known !== undefined) return await known;
      if (down || budget.all <= 0) return "unread";
      const looking = spend(async () => await history.record(eventId)).then((found) => found ?? "unread");
      records.set(eventId, looking);
      return await looking;
    },
  };
}
