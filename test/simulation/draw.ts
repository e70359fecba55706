import type { EventFate, KeyKind } from "./plan.ts";
import type { Random } from "./random.ts";

/** What a plan draws from. */
export interface Draw {
  readonly random: Random;
  /** Whether a kind of trouble exists in this plan at all, so that no kind hides behind another. */
  readonly swarm: (likely: number) => boolean;
  readonly keys: readonly KeyKind[];
  /** A time (ms), rather early than late. */
  readonly at: () => number;
  readonly event: () => EventFate;
  readonly days: () => number;
}
