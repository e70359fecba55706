import type { ReplayCounts, SkippedFile } from "./replay.ts";
import type { ReplayedCall } from "./replayed-call.ts";
import type { Tally } from "./tally.ts";

/** What a replay found, in all. */
export interface Summary {
  readonly counts: ReplayCounts;
  readonly changed: number;
  readonly compared: boolean;
  readonly skipped: readonly SkippedFile[];
  readonly tallies: Readonly<Record<"operations" | "decisions" | "changes" | "requesters" | "usages", Tally>>;
}

/** How a replay is printed: each call, and what they are in all. */
export interface Printer {
  readonly head: () => void;
  readonly call: (call: ReplayedCall) => void;
  readonly summary: (summary: Summary) => void;
}
