import { sha256Hex } from "../../domain/ledger/canonical-json.ts";
import { caseNameText } from "../../domain/ledger/case-name.ts";
import type { SweepTask } from "./sweep-task.ts";

/** How a sweep hands out its tasks. */
export interface Allotment {
  /** Time (ms) left for tasks. */
  readonly timeLeft: () => number;
  /** Changes from sweep to sweep. */
  readonly seed: number;
}

/** The part of the time for tasks that goes by lot. */
const shareByLot = 1 / 4;

/**
 * Hands out `tasks` in their order, and in the last quarter of the time whatever is left by lot: tasks that fail in every sweep, however many and
 * however urgent, must not keep all others waiting.
 */
export function* inOrder(tasks: readonly SweepTask[], { timeLeft, seed }: Allotment): Generator<SweepTask> {
  const lotBegins = timeLeft() * shareByLot;
  let next = 0;
  for (; next < tasks.length && timeLeft() > lotBegins; next++) yield tasks[next] as SweepTask;
  const lots = tasks.slice(next).map((task) => ({ task, lot: sha256Hex(`${seed} ${nameOf(task)}`) }));
  for (const { task } of lots.sort((a, b) => (a.lot < b.lot ? -1 : 1))) yield task;
}

function nameOf(task: SweepTask): string {
  return task.do === "finish" ? caseNameText(task.name) : task.keyArn;
}
