import { type HistoryMark, readingTime } from "../../domain/case/history-mark.ts";
import { causeOf, codeOf } from "../../domain/guard-error.ts";
import { dueMark, type ForwardReader, readForward, type Watched } from "./read-forward.ts";

/** Reading the history takes at most this part of a sweep. */
const shareForHistory = 1 / 4;
/** Reading it forward takes at most this part of that, and only where it is due. */
const shareForForward = 2 / 3;
/** A page and what follows from it take about so long (ms): enough for a history in which nothing happens. */
const leastForForwardMs = 5_000;

/** How a sweep divides its time for CloudTrail's history. */
export interface HistoryShare {
  /** How far the history was read forward before. */
  readonly mark: HistoryMark | undefined;
  /** Time (ms) for the cases in doubt. */
  readonly forDoubtsMs: number;
  /** Time (ms) that tasks must leave for reading forward. */
  readonly forForwardMs: number;
  /** Reads forward. Returns false where too much is left to the next sweep; what fails is logged as that. */
  readonly readForward: () => Promise<boolean>;
}

/** Returns how a sweep of `totalMs` divides its time for the history. What fails is logged: the next sweep goes on from the last mark. */
export async function shareHistory(reader: ForwardReader, watched: Watched, totalMs: number): Promise<HistoryShare> {
  const { guard, marks, timeLeft } = reader;
  const isNeeded = watched.since.size > 0;
  const mark = isNeeded ? await orLogged(reader, "read-mark", async () => await marks.read()) : undefined;
  const due = dueMark(watched, mark, guard.clock());
  const historyMs = totalMs * shareForHistory;
  const wantedMs = due === undefined ? 0 : Math.max(leastForForwardMs, readingTime(due, guard.clock()));
  const forForwardMs = Math.min(wantedMs, historyMs * shareForForward);
  return {
    mark,
    forDoubtsMs: historyMs - forForwardMs,
    forForwardMs,
    readForward: async () => {
      if (due === undefined) return true;
      const until = timeLeft() - forForwardMs;
      const limited = { ...reader, timeLeft: () => timeLeft() - Math.max(until, 0) };
      return (await orLogged(reader, "read-forward", async () => await readForward(limited, watched, due))) ?? true;
    },
  };
}

async function orLogged<Made>({ guard }: ForwardReader, step: string, make: () => Promise<Made>) {
  try {
    return await make();
  } catch (error) {
    guard.log("SWEEP_STEP_FAILED", { step, code: codeOf(error), ...causeOf(error) });
    return undefined;
  }
}
