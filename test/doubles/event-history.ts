import type { HistoryMark } from "../../lib/domain/case/history-mark.ts";
import type { DeletionRequest } from "../../lib/domain/deletion/request.ts";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import type { EventHistory, HistoryMarks } from "../../lib/workflows/ports/sweep.ts";

/** What CloudTrail's event history has, and how it behaves. */
export interface HistoryContent {
  /** The successful DeleteKey calls of every key. */
  readonly calls: () => readonly DeletionRequest[];
  /** Whether a stretch is read to its end. */
  readonly complete?: () => boolean;
  readonly fails?: () => Error | undefined;
  /** EventIDs of other calls. */
  readonly otherIds?: readonly string[];
}

/** An event history with such content; how often it was read, and asked for single records, is counted. */
export function createHistory({
  calls,
  complete = () => true,
  fails = () => undefined,
  otherIds = [],
}: HistoryContent) {
  const counts = { reads: 0, records: 0 };
  const history: EventHistory = {
    read: async ({ from, to = Number.POSITIVE_INFINITY }) => {
      counts.reads += 1;
      const error = fails();
      if (error !== undefined) throw error;
      const byKey = new Map<KeyArn, DeletionRequest[]>();
      for (const call of calls().filter(({ at }) => at >= from && at <= to))
        if (call.target.kind === "arn") byKey.set(call.target.arn, [...(byKey.get(call.target.arn) ?? []), call]);
      return { calls: byKey, complete: complete() };
    },
    record: async (id) => {
      counts.records += 1;
      const error = fails();
      if (error !== undefined) throw error;
      const found = calls().find(({ eventId }) => eventId === id);
      return found ?? (otherIds.includes(id) ? "other-call" : "none");
    },
  };
  return Object.assign(history, { counts });
}

/** Keeps the mark in memory. */
export function createMemoryMarks(): HistoryMarks & { mark: HistoryMark | undefined } {
  const marks = {
    mark: undefined as HistoryMark | undefined,
    read: async () => marks.mark,
    save: async (mark: HistoryMark) => {
      marks.mark = mark;
    },
  };
  return marks;
}
