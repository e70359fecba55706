import { codeOf } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import { looksAt, type StateLook } from "../../domain/operations/registry.ts";
import type { Subject } from "../../domain/operations/subject.ts";
import { dayMs } from "../../domain/time.ts";
import type { LabelBook, LabelledKey, StateProgress } from "../ports/sweep.ts";
import type { CallShare } from "./call-share.ts";
import { type StateNoting, sawState } from "./saw-state.ts";
import { overdueMs, partsDue, statesAge } from "./states-age.ts";

/** What the reading of states works with. */
export interface StateReading extends StateNoting {
  /** Names all keys, part by part. */
  readonly book: Pick<LabelBook, "parts" | "read">;
  readonly calls: CallShare;
}

/** Tags that the reading of labels has tried within this time (ms) need no call of their own: it comes back to them every 23 hours. */
const recentMs = dayMs;

/** What the service answers about one key only. */
const ofOneKey = ["ACCESS_DENIED", "CONTROL_PLANE_REFUSED"];

type Keep = (progress: StateProgress) => void;

/**
 * Reads what can be reverted of every key, a few calls a key and once a day, from where the sweep before left it. A key about which the service fails
 * is left for a day, so that it keeps no other waiting. Returns whether a part is overdue. Throws what store and queue throw, and
 * CONTROL_PLANE_UNAVAILABLE.
 */
export async function readStates(reading: StateReading): Promise<{ readonly overdue: boolean }> {
  const { states, guard, book } = reading;
  const before = await states.progress();
  let progress = before;
  try {
    for (const part of partsDue(before, book.parts, guard.clock())) {
      const isRead = await readPart(reading, part, progress, (next) => {
        progress = next;
      });
      if (!isRead) break;
    }
  } finally {
    if (progress !== before) await states.noteProgress(progress);
  }
  return { overdue: (statesAge(progress, guard.clock()) ?? 0) > overdueMs };
}

/** Returns whether there is time for another part. INVARIANT: a key that was tried is passed, whatever fails. */
async function readPart(
  reading: StateReading,
  part: number,
  { readAt, reading: begun }: StateProgress,
  keep: Keep,
): Promise<boolean> {
  const { book, guard } = reading;
  const keys = await book.read(part);
  if (keys === "unreadable") {
    guard.log("STATE_UNREADABLE", { part, code: "INVENTORY_UNREADABLE" });
    return true;
  }
  const own = begun?.part === part ? begun : { part, beganAt: guard.clock() };
  for (const [keyArn, key] of [...keys].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (own.after !== undefined && keyArn <= own.after) continue;
    const looks = looksFor(keyArn, key, guard.clock());
    if (reading.calls.left() < looks.length) return false;
    keep({ readAt, reading: { ...own, after: keyArn } });
    for (const look of looks) await readLook(reading, { kind: "key", keyArn }, look);
  }
  keep({ readAt: new Map(readAt).set(part, own.beganAt) });
  return true;
}

function looksFor(keyArn: KeyArn, { toRead, triedAt }: LabelledKey, now: number): readonly StateLook[] {
  const hasTags = toRead.length > 0 && triedAt !== undefined && Math.abs(now - triedAt) < recentMs;
  const looks = looksAt({ kind: "key", keyArn });
  return hasTags ? looks.filter(({ shows }) => shows.some(({ aspect }) => aspect !== "tags")) : looks;
}

async function readLook(reading: StateReading, subject: Subject, { call, shows }: StateLook): Promise<void> {
  const { states, guard, calls } = reading;
  calls.take();
  const at = guard.clock();
  try {
    const shown = await states.look(call);
    for (const { aspect, stateIn } of shows) {
      const state = stateIn(shown);
      if (state !== undefined) await sawState(reading, { aspect, subject, state, at });
    }
  } catch (error) {
    guard.log("STATE_UNREADABLE", { subject, call: call.call, code: codeOf(error) });
    if (!ofOneKey.includes(codeOf(error))) throw error;
  }
}
