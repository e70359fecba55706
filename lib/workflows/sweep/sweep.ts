import { causeOf, codeOf } from "../../domain/guard-error.ts";
import type { FoundChain } from "../../domain/log/compare-chain.ts";
import type { CaseFile } from "../guard/case-file.ts";
import { pauseInForce } from "../guard/pause-in-force.ts";
import type { Guard } from "../guard/run.ts";
import type { DueCase, Log } from "../ports/guard.ts";
import type { EventHistory, HistoryMarks, ListedKey } from "../ports/sweep.ts";
import { inOrder } from "./allot-time.ts";
import type { Attempt } from "./attempt.ts";
import { type ChoreDeps, planChores } from "./chores.ts";
import { shareHistory } from "./forward-share.ts";
import { createHistoryReading, type HistoryReading } from "./history-reading.ts";
import { finishCase, sweepKey } from "./key.ts";
import { planSweep, type SweepPlan } from "./plan.ts";
import { protectKey } from "./protect-key.ts";
import type { SweepTask } from "./sweep-task.ts";

/** What a sweep works with. */
export interface Sweeper extends ChoreDeps {
  readonly history: EventHistory;
  readonly marks: HistoryMarks;
  /** Is called with every case that was processed, once for each time. */
  readonly onCaseProcessed: (file: CaseFile) => void;
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
  /** The errors of steps that failed: what could not be listed, and chores. */
  readonly stepErrors: readonly Error[];
}

/** One task takes at most about this long (ms). */
const timePerTaskMs = 20_000;
/** Reading cases for the plan takes at most this part of the sweep. */
const shareForPlan = 1 / 4;
const maxDue = 2_000;

/**
 * Looks at everything that events may miss: keys that are pending, cases that are due, doubts that only CloudTrail can
 * settle, entries that nobody was notified of. Due work comes first, and the log and the inventory have time of their own, whatever is left over.
 * What fails harms nothing else, is logged, and is tried again by the next sweep.
 */
export async function sweep(sweeper: Sweeper): Promise<SweepReport> {
  const { guard, keyLists, history, timeLeft } = sweeper;
  const totalMs = timeLeft();
  const { cases, clock, log } = guard;
  const stepErrors: Error[] = [];
  const attempt = attemptsOf(log, stepErrors);
  const planUntil = timeLeft() * (1 - shareForPlan);
  const listed = await attempt("list-keys", async () => await keyLists.pending());
  const keys: readonly ListedKey[] = listed ?? [];
  const due: readonly DueCase[] = (await attempt("list-cases", async () => await cases.due(clock(), maxDue))) ?? [];
  const chores = await planChores(sweeper, attempt);
  const moment = { mode: guard.policy.mode, paused: (await pauseInForce(guard)) !== undefined, now: clock() };
  const hasTime = () => timeLeft() > planUntil;
  const plan = await attempt("plan", async () => await planSweep(cases, { keys, due, moment, hasTime }));
  const { tasks, watched } = plan ?? nothingToDo;
  const isAll = watched.isAll && listed !== undefined;
  const afterTasks = () => timeLeft() - chores.reservedMs;
  const share = await shareHistory({ ...sweeper, timeLeft: afterTasks }, { ...watched, isAll }, totalMs);
  const forTasks = () => afterTasks() - share.forForwardMs;
  const reading = createHistoryReading({
    ...{ history, mark: share.mark, clock, log, timeLeft: forTasks, budgetMs: share.forDoubtsMs },
  });
  const worked = await runTasks(sweeper, reading, tasks, () => forTasks() - timePerTaskMs);
  const isRead = await share.readForward();
  const waiting = worked.left.filter((task) => task.do !== "look" || !task.mayWait).length;
  const choresLeft = await chores.run(worked.chains, waiting > 0);
  noteWorkLeft(log, waiting, [...choresLeft, ...(isRead ? [] : ["history"])]);
  const { left, chains: _chains, ...counts } = worked;
  const open = await cases.countOpen().catch(() => "unknown");
  log("SWEEP_FINISHED", {
    ...{
      pending: keys.length,
      open,
      due: due.length,
      ...counts,
      left: left.length,
      stepErrors: stepErrors.map(codeOf),
    },
  });
  return { pending: keys.length, ...counts, damaged: tasks.filter(isDamaged).length, left: left.length, stepErrors };
}

/** Logs each step that fails, and adds its error to `stepErrors`. */
function attemptsOf(log: Log, stepErrors: Error[]): Attempt {
  return async (step, take) => {
    try {
      return await take();
    } catch (error) {
      stepErrors.push(error instanceof Error ? error : new Error(String(error)));
      log("SWEEP_STEP_FAILED", { step, code: codeOf(error), reason: String(error), ...causeOf(error) });
      return undefined;
    }
  };
}

const nothingToDo: SweepPlan = { tasks: [], watched: { since: new Map(), isAll: false } };

interface WorkedOff extends Pick<SweepReport, "done" | "failed" | "protectedKeys"> {
  readonly left: readonly SweepTask[];
  /** The cases that were worked on, as the store has them. */
  readonly chains: readonly FoundChain[];
}

/** Takes task after task while `timeLeft` (ms) is left for them. */
async function runTasks(
  { guard, onCaseProcessed }: Sweeper,
  reading: HistoryReading,
  tasks: readonly SweepTask[],
  timeLeft: () => number,
): Promise<WorkedOff> {
  const taken = new Set<SweepTask>();
  const chains = new Map<string, FoundChain>();
  let [done, failed, protectedKeys] = [0, 0, 0];
  for (const task of inOrder(tasks, { timeLeft, seed: guard.clock() })) {
    if (timeLeft() < 0) break;
    taken.add(task);
    try {
      if (task.do === "protect") protectedKeys += Number(await protect(guard, task));
      else
        for (const file of await perform(guard, reading, task)) {
          onCaseProcessed(file);
          chains.set(file.chain.name, { name: file.chain.name, texts: file.storedTexts });
        }
      done += 1;
    } catch (error) {
      failed += 1;
      protectedKeys += Number(await protectUnworked(guard, task, error));
      guard.log("SWEEP_STEP_FAILED", {
        ...whatOf(task),
        code: codeOf(error),
        reason: String(error),
        ...causeOf(error),
      });
    }
  }
  const left = tasks.filter((task) => !taken.has(task));
  return { done, failed, protectedKeys, left, chains: [...chains.values()] };
}

async function protect(guard: Guard, task: Extract<SweepTask, { do: "protect" }>): Promise<boolean> {
  // That a case is damaged is logged where it is set apart.
  if (!isDamaged(task)) guard.log("SWEEP_STEP_FAILED", { ...whatOf(task), code: codeOf(task.error) });
  return await protectKey(guard, task, task.error);
}

function isDamaged(task: SweepTask): boolean {
  return task.do === "protect" && codeOf(task.error) === "CASE_UNREADABLE";
}

async function perform(guard: Guard, history: HistoryReading, task: Exclude<SweepTask, { do: "protect" }>) {
  return task.do === "look" ? await sweepKey(guard, history, task) : await finishCase(guard, history, task.name);
}

/** Where the control plane itself fails, another call would fail too. */
const controlPlaneFaults = ["ACCESS_DENIED", "CONTROL_PLANE_REFUSED", "CONTROL_PLANE_UNAVAILABLE"];

/** A look that came to no end must not cost the key: whatever failed, its last moment is not missed. */
async function protectUnworked(guard: Guard, task: SweepTask, error: unknown): Promise<boolean> {
  if (task.do !== "look" || controlPlaneFaults.includes(codeOf(error))) return false;
  return await protectKey(guard, task, error).catch((cause: unknown) => {
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

function noteWorkLeft(log: Log, tasks: number, chores: readonly string[]): void {
  if (tasks > 0 || chores.length > 0) log("SWEEP_WORK_LEFT", { tasks, chores });
}
