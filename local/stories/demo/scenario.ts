import type { DemoWorld, Ending } from "./demo-world.ts";

/** Something that must be true at the end; `false` fails the demo. */
export type Check = readonly [text: string, holds: boolean];

/** The result of a scenario. */
export interface Played {
  readonly ending: Ending;
  readonly checks: readonly Check[];
  /** Text that people got outside of any case, such as the mail of an alarm. */
  readonly shown?: readonly string[];
}

export interface Scenario {
  readonly name: string;
  /** What a person should see in it. */
  readonly story: string;
  readonly observe?: true;
  /** Its key has a name of its own, so that it can be played once only in a world. */
  readonly once?: true;
  /** The key is gone before anyone learns of it, so that invariant I1 cannot hold. */
  readonly beyondHelp?: true;
  run(demoWorld: DemoWorld): Promise<Played>;
}
