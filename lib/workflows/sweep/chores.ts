import { codeOf } from "../../domain/guard-error.ts";
import type { FoundChain } from "../../domain/log/compare-chain.ts";
import { dayMs, hourMs, minuteMs } from "../../domain/time.ts";
import type { Guard } from "../guard/run.ts";
import type { KeyInventory, NotifyPauseChanged } from "../ports/guard.ts";
import type { KeyLists, LabelBook, StateInventory } from "../ports/sweep.ts";
import type { StackRecords } from "../stack/stack-records.ts";
import type { Attempt } from "./attempt.ts";
import { shareOfCalls } from "./call-share.ts";
import { labelsNotedAt, noteLabels } from "./note-labels.ts";
import { partsToRead, readTags, tagReadingMs } from "./read-labels.ts";
import { remindOfPause } from "./remind-of-pause.ts";
import { type ReminderDeps, remindOfQuestions } from "./remind-of-questions.ts";
import type { Sequencer } from "./sequence-log.ts";
import { createStateChores, type StateChores } from "./state-chores.ts";

/** Logging an hour takes about so long (ms). */
const logTimeMs = 30_000;
/** The inventory of 2,000 keys and aliases takes about so long (ms) at a call a second. */
const inventoryTimeMs = minuteMs;

/** What chores work with. */
export interface ChoreDeps {
  readonly guard: Guard;
  readonly keyLists: KeyLists;
  readonly inventory: KeyInventory;
  readonly labels: LabelBook;
  readonly states: StateInventory;
  readonly records: StackRecords;
  readonly notifyPauseChanged: NotifyPauseChanged;
  /** The questions about changes, and how reminders of them are published. */
  readonly reminders: Pick<ReminderDeps, "questions" | "notify">;
  /** Writes what is new to the log: `chains`, or the whole table once an hour. */
  readonly sequence: Sequencer["sequence"];
  /** Time (ms) that is left for this sweep. */
  readonly timeLeft: () => number;
}

/** What a sweep does beside its tasks, in a part of its time that no task gets. */
export interface Chores {
  /** Time (ms) that tasks must leave. */
  readonly reservedMs: number;
  /**
   * Logs `chains`, which the sweep has read, and does the rest; `keysWait`: tasks are left to the next sweep. Answers what chores are left to it, or have
   * fallen behind.
   */
  readonly run: (chains: readonly FoundChain[], keysWait: boolean) => Promise<readonly Chore[]>;
}

type Chore = "log" | "inventory" | "states";

/** Finds out which chores there are. */
export async function planChores(sweeper: ChoreDeps, attempt: Attempt): Promise<Chores> {
  const { timeLeft, sequence, guard, notifyPauseChanged } = sweeper;
  const takesInventory = (await attempt("read-inventory", async () => await isInventoryDue(sweeper))) ?? false;
  const states = createStateChores(sweeper, attempt);
  const calls = shareOfCalls(timeLeft);
  const reading = { guard, book: sweeper.labels, calls, onTags: states.noteTags };
  const parts = (await attempt("read-label-times", async () => await partsToRead(reading))) ?? [];
  const laterMs = (takesInventory ? inventoryTimeMs : 0) + (parts.length > 0 ? tagReadingMs : 0);
  return {
    // A sweep that has little time has it for keys: they are lost for good, and chores are not.
    reservedMs: Math.min(logTimeMs + laterMs, timeLeft() / 2),
    run: async (chains, keysWait) => {
      await remindOfPause(guard, notifyPauseChanged).catch((error: unknown) => {
        guard.log("PAUSE_NOTIFY_FAILED", { code: codeOf(error) });
      });
      // First, so that the log of this hour has them.
      const reminded = await attempt("questions", async () => await remindOfQuestions(reminderDeps(sweeper)));
      await attempt("records", async () => await sweeper.records.recordHourly());
      const changed = [...chains, ...(reminded ?? [])];
      const logged = await attempt("log", async () => await sequence(changed, () => timeLeft() - laterMs));
      const hasTime = timeLeft() >= inventoryTimeMs;
      if (takesInventory && hasTime)
        await attempt("inventory", async () => await takeInventory(sweeper, states, attempt));
      // Last, and of no more than its share of calls: what is left over is read by the next sweeps of the day.
      if (parts.length > 0) await attempt("tags", async () => await readTags(reading, parts));
      // The inventory makes calls enough for one sweep, and no reading of states keeps a key waiting.
      if (!takesInventory && !keysWait) await states.read(calls);
      return [
        ...(logged?.left ? (["log"] as const) : []),
        ...(takesInventory && !hasTime ? (["inventory"] as const) : []),
        ...(states.isBehind() ? (["states"] as const) : []),
      ];
    },
  };
}

function reminderDeps({ guard: { clock, log }, reminders, timeLeft }: ChoreDeps): ReminderDeps {
  return { ...reminders, clock, log, hasTime: () => timeLeft() >= logTimeMs };
}

/** An hour early (ms), so that a sweep that has no time for it leaves twelve others: no inventory is ever older than a day. */
const inventoryEveryMs = dayMs - hourMs;

/** The inventory shows later whether a restored key had been enabled. One whose labels or list could not be recorded is taken again after an hour. */
async function isInventoryDue({ guard, inventory, labels, records }: ChoreDeps): Promise<boolean> {
  const takenAt = await inventory.takenAt();
  const now = guard.clock();
  // A clock that was set back must not put the inventory off for long.
  if (takenAt === undefined || now - takenAt >= inventoryEveryMs || takenAt > now + dayMs) return true;
  if (now - takenAt < hourMs) return false;
  return ((await labelsNotedAt(labels)) ?? Number.NEGATIVE_INFINITY) < takenAt || !(await records.hasKeysOf(takenAt));
}

async function takeInventory(sweeper: ChoreDeps, states: StateChores, attempt: Attempt): Promise<void> {
  const { guard, inventory, keyLists, labels, records } = sweeper;
  const now = guard.clock();
  const keys = await keyLists.all();
  const fresh = await inventory.take(keys, now);
  const names = await noteLabels({ guard, keyLists, book: labels }, { keys, fresh });
  // Evidence, on which nothing waits: what follows is done without it, too.
  await attempt("record-keys", async () => await records.recordKeys(keys, names.aliases, now));
  await states.noteListed({ keys, ...names, at: now });
}
