import type { DeletionRequest } from "../../lib/domain/deletion/request.ts";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import type { EventHistory } from "../../lib/workflows/ports/sweep.ts";

/** CloudTrail with a flood of DeleteKey calls that fail. Times are ms. */
export interface Flood {
  readonly time: { now: number };
  readonly begins: number;
  readonly ends?: number;
  /** Failed calls a second. */
  readonly perSecond: number;
  /** The successful calls among them. */
  readonly calls: () => readonly DeletionRequest[];
  /** How long a page takes: 667 ms at 1.5 requests a second. */
  readonly pageMs?: number;
}

/** An event history that answers 50 records a page, newest first, and takes its time for each. */
export function createFloodedHistory({
  time,
  begins,
  ends = Number.POSITIVE_INFINITY,
  perSecond,
  calls,
  pageMs = 667,
}: Flood) {
  const counts = { pages: 0, records: 0 };
  const turn = () => {
    time.now += pageMs;
  };
  const history: EventHistory = {
    read: async ({ from, to = Number.POSITIVE_INFINITY }, timeLeft) => {
      const end = Math.min(to, time.now);
      const first = Math.max(from, begins);
      const flooded = Math.max(0, Math.min(end, ends) - first);
      const pages = Math.max(1, Math.ceil((flooded / 1000) * (perSecond / 50)));
      let read = 0;
      do {
        turn();
        read += 1;
      } while (read < pages && timeLeft() > 0);
      counts.pages += read;
      const complete = read === pages;
      const reachedAt = complete ? from : Math.min(end, ends) - ((read * 50) / perSecond) * 1000;
      const byKey = new Map<KeyArn, DeletionRequest[]>();
      for (const call of calls().filter(({ at }) => at >= reachedAt && at >= from && at <= end))
        if (call.target.kind === "arn") byKey.set(call.target.arn, [...(byKey.get(call.target.arn) ?? []), call]);
      return { calls: byKey, complete, reachedAt };
    },
    record: async (id) => {
      turn();
      counts.records += 1;
      return calls().find(({ eventId }) => eventId === id) ?? "none";
    },
  };
  return Object.assign(history, { counts });
}
