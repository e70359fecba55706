import type { Chronicle } from "../chronicle.ts";
import type { Failure } from "../faults-in-force.ts";
import type { LabelledKey } from "../local.ts";
import type { Counted } from "../metrics.ts";
import type { Plan } from "../plan.ts";

/** What the oracle looks at: the plan, keys, people, alarms and sizes. No case. */
export interface Evidence {
  readonly plan: Plan;
  readonly chronicle: Chronicle;
  /** ms since the epoch. */
  readonly beginning: number;
  readonly end: number;
  readonly keys: readonly LabelledKey[];
  readonly failures: readonly Failure[];
  readonly counted: readonly Counted[];
  readonly calls: readonly { readonly at: number }[];
  readonly largestItem: { readonly bytes: number; readonly id: string };
  /** Everything that people were sent, as text. */
  readonly told: string;
}

/** Returns in words what is violated. */
export type Promised = (evidence: Evidence) => readonly string[];

/** Whether nothing of the plan makes a request fail. */
export function isFaultless({ plan }: Evidence): boolean {
  return plan.faults.length === 0 && plan.noise.rate === 0 && plan.skewsMs.every((skew) => skew === 0);
}

/** Whether a fault of the plan lasts to the end. */
export function hasLastingFault({ faults }: Plan): boolean {
  return faults.some(({ forMs }) => forMs === null);
}

/** How long (ms) the guard and the sweep could reach the control plane between two times. */
export function reachableMs({ plan, beginning }: Evidence, from: number, to: number): number {
  const stepMs = 5 * 60_000;
  const windows = plan.faults.filter(({ port }) => port === "control-plane");
  let reachable = 0;
  for (let at = from; at < to; at += stepMs) {
    const since = at - beginning;
    const broken = windows.some(
      (each) => since >= each.from && (each.forMs === null || since < each.from + each.forMs),
    );
    if (!broken) reachable += Math.min(stepMs, to - at);
  }
  return reachable;
}
