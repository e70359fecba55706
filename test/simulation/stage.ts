import type { Chronicle } from "./chronicle.ts";
import type { EventFeed } from "./event-feed.ts";
import type { Plan, PolicyState } from "./plan.ts";
import type { Simulation } from "./world.ts";

/** What people act on, and what is noted of it. */
export interface Stage {
  readonly sim: Simulation;
  readonly plan: Plan;
  readonly feed: EventFeed;
  readonly chronicle: Chronicle;
  readonly arns: readonly string[];
  readonly deploy: (state: PolicyState) => void;
  /** Notes for the story what happened. */
  readonly tell: (text: string) => void;
}
