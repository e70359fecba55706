import type { Deletion } from "../chronicle.ts";
import { type Fate, failing } from "../fate.ts";
import { type FaultWindow, isOpen, isPlainEvent, type PolicyState } from "../plan.ts";
import type { Evidence } from "./promise.ts";

const stepMs = 5 * 60_000;

/** Fates with which a write has no effect. */
const effectless: readonly Fate[] = [
  ...(["refused", "denied", "expired-credentials", "throttled", "hanging", "failed", "crash-before"] as const),
];

/** How long (ms), between two times, the stack could restore the key of `deletion` by calls of the control plane. */
export function reachableMs(evidence: Evidence, deletion: Deletion, from: number, to: number): number {
  const { plan, beginning } = evidence;
  const windows = plan.faults.filter((window) => keepsFromRestoring(window, deletion));
  return stepsOf(from, to).reduce((sum, { at, lengthMs }) => {
    return windows.some((window) => isOpen(window, at - beginning)) ? sum : sum + lengthMs;
  }, 0);
}

/** How long (ms) of that the policy in force enforced, and nobody had suspended it. */
export function enforcedMs(evidence: Evidence, deletion: Deletion, from: number, to: number): number {
  const { chronicle } = evidence;
  const enforces = ({ mode }: PolicyState) => mode === "enforce";
  return stepsOf(from, to)
    .filter(({ at, lengthMs }) => chronicle.policiesIn(at, at + lengthMs).every(enforces))
    .reduce((sum, { at, lengthMs }) => sum + reachableMs(evidence, deletion, at, at + lengthMs), 0);
}

/** Whether the stack could read nothing by `port` at any time between two times: neither the records nor the state of a key are known then. */
export function isUnread({ plan, beginning }: Evidence, port: FaultWindow["port"], from: number, to: number): boolean {
  const windows = plan.faults.filter((window) => window.port === port && keepsFromReading(window));
  return stepsOf(from, to).every(({ at }) => windows.some((window) => isOpen(window, at - beginning)));
}

function keepsFromReading({ function: name = "sweep", share, calls, operation, fate }: FaultWindow): boolean {
  const isWhole = name === "sweep" && share === 1 && operation === undefined && calls !== "write";
  return isWhole && (failing.includes(fate) || fate === "answer-lost");
}

function stepsOf(from: number, to: number): { readonly at: number; readonly lengthMs: number }[] {
  const steps: { readonly at: number; readonly lengthMs: number }[] = [];
  for (let at = from; at < to; at += stepMs) steps.push({ at, lengthMs: Math.min(stepMs, to - at) });
  return steps;
}

/** Only faults of every call count, and only of calls that a restore needs; one of the guard alone leaves the sweep. */
function keepsFromRestoring(window: FaultWindow, deletion: Deletion): boolean {
  const { port, share, function: name = "sweep", calls, fate } = window;
  if (port !== "control-plane" || share < 1 || name !== "sweep") return false;
  const concerns = (operation: string) => window.operation === undefined || window.operation === operation;
  if (calls !== "read" && concerns("RestoreKey") && effectless.includes(fate)) return true;
  const isUnread = failing.includes(fate) || fate === "answer-lost";
  if (calls === "write" || !isUnread) return false;
  // A key that GetKey fails for is restored all the same, within an hour; one that no event named is found by ListKeys alone.
  return concerns("ListKeys") && !isPlainEvent(deletion.event);
}
