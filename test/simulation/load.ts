import { deletedAtMs } from "./load-plans.ts";
import { isOurs } from "./local.ts";
import type { Plan } from "./plan.ts";
import { play, type Tools } from "./play.ts";
import type { Simulation } from "./world.ts";

/** What it took to make every deleted key usable again, in virtual time. */
export interface Load {
  /** Control-plane calls of the guard and the sweep until then, by operation. */
  readonly calls: Readonly<Record<string, number>>;
  readonly callCount: number;
  /** Calls that the service refused. */
  readonly refused: number;
  /** From the deletion of all keys until the last one was usable. */
  readonly usableAfterMs: number;
  readonly violations: readonly string[];
}

interface TimedCall {
  readonly at: number;
  readonly operation: string;
  readonly status: number;
}

/** Plays a plan that deletes keys at once, and measures. Throws an Error unless every key is usable in the end. */
export async function measureLoad(plan: Plan, tools: Tools): Promise<Load> {
  const calls: TimedCall[] = [];
  let sim: Simulation | undefined;
  const onStart = (started: Simulation) => {
    sim = started;
    const { clock, hub } = started;
    hub.observe((carried) => {
      if (carried.service === "control-plane" && isOurs(carried)) calls.push({ ...carried, at: clock.now() });
    });
  };
  const { violations } = await play(plan, { ...tools, onStart });
  if (sim === undefined) throw new Error("nothing was played");
  const keys = sim.stack.controlPlane.keys();
  const usable = keys.filter(({ KeyState, Enabled }) => KeyState === "CREATE_COMPLETE" && Enabled).length;
  if (usable !== keys.length) throw new Error(`${usable} of ${keys.length} keys are usable`);
  return { ...loadOf(calls, sim.beginning + deletedAtMs), violations };
}

function loadOf(calls: readonly TimedCall[], deletedAt: number): Omit<Load, "violations"> {
  const last = calls.findLastIndex(({ operation, status }) => operation === "RestoreKey" && status === 200);
  const made = calls.slice(0, last + 1).filter(({ at }) => at >= deletedAt);
  const byOperation = Map.groupBy(made, ({ operation }) => operation);
  return {
    calls: Object.fromEntries([...byOperation].map(([operation, each]) => [operation, each.length])),
    callCount: made.length,
    refused: made.filter(({ status }) => status !== 200).length,
    usableAfterMs: (made.at(-1)?.at ?? deletedAt) - deletedAt,
  };
}
