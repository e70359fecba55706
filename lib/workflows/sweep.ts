import { causeOf, codeOf } from "../domain/guard-error.ts";
import type { CaseFile } from "./case-file.ts";
import type { DueCase, KeyInventory, TellOfPause } from "./ports.ts";
import { protectKey } from "./protect-key.ts";
import { remindOfPause } from "./remind-of-pause.ts";
import type { Guard } from "./run.ts";
import { finishCase, type ReadHistory, sweepKey } from "./sweep-key.ts";
import { planSweep, type SweepTask } from "./sweep-plan.ts";
import type { DeletionHistory, EventHistory, KeyLists, ListedKey } from "./sweep-ports.ts";

/** What a sweep works with. */
export interface Sweeper {
  readonly guard: Guard;
  readonly keyLists: KeyLists;
  readonly inventory: KeyInventory;
  readonly history: EventHistory;
  readonly tellOfPause: TellOfPause;
  /** Closes the hours that are over, by a checkpoint each. */
  readonly closeHours: (timeLeft: () => number) => Promise<unknown>;
  /** Time (ms) that is left for this sweep. */
  readonly timeLeft: () => number;
  /** Hears of every case that was worked on, once for each time. */
  readonly worked: (file: CaseFile) => void;
}

export interface SweepReport {
  readonly pending: number;
  readonly done: number;
  readonly failed: number;
  /** Keys restored without a record, because their cases cannot be read. */
  readonly protectedKeys: number;
  /** Keys whose cases are damaged, or of a newer version. */
  readonly damaged: number;
  /** Tasks that are left to the next sweep. */
  readonly left: number;
  /** Why it saw less than there is to see: pending keys or due cases could not be listed. */
  readonly blind: readonly Error[];
}

/** One task needs about this long (ms) at the most. */
const timePerTask = 20_000;
const maxDue = 2_000;

/**
 * Looks at everything that no event may tell of: keys that are pending, cases whose time has come, doubts that only CloudTrail can
 * settle, entries that nobody was told of. What fails harms nothing else, and is tried again by the next sweep.
 */
export async function sweep(sweeper: Sweeper): Promise<SweepReport> {
  const { guard, keyLists, history, timeLeft, worked } = sweeper;
  const { cases, clock, log } = guard;
  const blind: Error[] = [];
  const unless = async <Seen>(look: Promise<readonly Seen[]>): Promise<readonly Seen[]> =>
    await look.catch((error: unknown) => {
      blind.push(toError(error));
      return [];
    });
  const keys = await unless<ListedKey>(keyLists.pending());
  const due = await unless<DueCase>(cases.due(clock(), maxDue));
  const tasks = await planSweep(cases, keys, due, { mode: guard.policy.mode, now: clock() });
  const once = readOnce(async () => await history(timeLeft));
  let [done, failed, protectedKeys] = [0, 0, 0];
  for (const task of tasks) {
    if (timeLeft() < timePerTask) break;
    try {
      if (task.do === "protect") protectedKeys += Number(await protectKey(guard, task.keyArn, task.error));
      else for (const file of await perform(guard, once, task)) worked(file);
      done += 1;
    } catch (error) {
      failed += 1;
      protectedKeys += Number(await protectUnworked(guard, task, error));
      log("SWEEP_STEP_FAILED", { ...whatOf(task), code: codeOf(error), reason: String(error), ...causeOf(error) });
    }
  }
  const left = tasks.length - done - failed;
  await remindOfPause(guard, sweeper.tellOfPause).catch((error: unknown) => {
    log("PAUSE_NOT_TOLD", { code: codeOf(error) });
  });
  await keepInventory(sweeper).catch((error: unknown) => blind.push(toError(error)));
  await closeHoursInTime(sweeper).catch((error: unknown) => blind.push(toError(error)));
  const open = await cases.countOpen().catch(() => "unknown");
  log("SWEEP_FINISHED", { pending: keys.length, open, due: due.length, done, failed, left, blind: blind.map(codeOf) });
  const damaged = tasks.filter((task) => task.do === "protect" && codeOf(task.error) === "CASE_UNREADABLE").length;
  return { pending: keys.length, done, failed, protectedKeys, damaged, left, blind };
}

async function perform(guard: Guard, history: ReadHistory, task: Exclude<SweepTask, { do: "protect" }>) {
  return task.do === "look" ? await sweepKey(guard, history, task.keyArn) : await finishCase(guard, history, task.name);
}

/** Where the control plane itself fails, another call would fail too. */
const controlPlaneFaults = ["ACCESS_DENIED", "CONTROL_PLANE_REFUSED", "CONTROL_PLANE_UNAVAILABLE"];

/** A look that came to no end must not cost the key: whatever failed, its last moment is not missed. */
async function protectUnworked(guard: Guard, task: SweepTask, error: unknown): Promise<boolean> {
  if (task.do !== "look" || controlPlaneFaults.includes(codeOf(error))) return false;
  return await protectKey(guard, task.keyArn, error).catch((cause: unknown) => {
    guard.log("SWEEP_STEP_FAILED", {
      task: "protect",
      keyArn: task.keyArn,
      code: codeOf(cause),
      reason: String(cause),
    });
    return false;
  });
}

function whatOf(task: SweepTask): object {
  return task.do === "finish" ? { task: task.do, ...task.name } : { task: task.do, keyArn: task.keyArn };
}

/** The history of 90 days is read at most once a sweep, and only if something is in doubt. */
function readOnce(history: ReadHistory): ReadHistory {
  let reading: Promise<DeletionHistory> | undefined;
  return async () => {
    reading ??= history();
    return await reading;
  };
}

const day = 86_400_000;
/** The inventory of 2,000 keys takes about so long (ms) at a call a second. */
const timeForInventory = 60_000;

/** Once a day, when nothing more urgent wants the time: which keys are enabled is evidence for whoever is restored tomorrow. */
async function keepInventory({ guard, keyLists, inventory, timeLeft }: Sweeper): Promise<void> {
  if (timeLeft() < timeForInventory) return;
  const takenAt = await inventory.takenAt();
  const now = guard.clock();
  // A clock that was set back must not put the inventory off for long.
  if (takenAt !== undefined && now - takenAt < day && takenAt <= now + day) return;
  await inventory.take(await keyLists.all(), now);
}

/** Evidence waits for the keys: a sweep with no time left leaves the hour to the next one. */
async function closeHoursInTime({ closeHours, timeLeft }: Sweeper): Promise<void> {
  if (timeLeft() >= timePerTask) await closeHours(timeLeft);
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
