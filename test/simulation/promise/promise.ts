import type { Chronicle } from "../chronicle.ts";
import type { Port } from "../fate.ts";
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
  /** Calls that went well although a window was open. */
  readonly passes: readonly Failure[];
  readonly counted: readonly Counted[];
  readonly calls: readonly { readonly at: number }[];
  /** Requests for permits that are on record. */
  readonly permitsRequested: number;
  /** Effects of two runs on one key that were under way at the same time. */
  readonly overlaps: readonly { readonly key: number; readonly at: number }[];
  readonly largestItem: { readonly bytes: number; readonly id: string };
  /** Every message and reply in Slack, one text for each. */
  readonly posts: readonly string[];
  /** What was posted in Slack, with the time of each (ms). */
  readonly notices: readonly { readonly at: number; readonly text: string }[];
  /** Everything that people were sent, as text. */
  readonly told: string;
}

/** Returns in words what is violated. */
export type Promised = (evidence: Evidence) => readonly string[];

/** Services that no restore needs. */
export const dispensable: readonly Port[] = [
  ...(["bus", "topic", "archive", "signing", "sts", "slack", "secrets", "history"] as const),
];

/** Whether nothing of the plan makes a request fail. */
export function isFaultless({ plan }: Evidence): boolean {
  return plan.faults.length === 0 && plan.noise.rate === 0 && plan.skewsMs.every((skew) => skew === 0);
}

/** Whether a fault of the plan lasts to the end. */
export function hasLastingFault({ faults }: Plan): boolean {
  return faults.some(({ forMs }) => forMs === null);
}
