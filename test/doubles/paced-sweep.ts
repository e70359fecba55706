import { createPace } from "../../lib/aws/payment-cryptography/pace.ts";
import type { DeletionRequest } from "../../lib/domain/deletion/request.ts";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import type { Guard } from "../../lib/workflows/guard/run.ts";
import type { PaymentKeys } from "../../lib/workflows/ports/guard.ts";
import type { EventHistory } from "../../lib/workflows/ports/sweep.ts";
import { type SweepReport, sweep } from "../../lib/workflows/sweep/sweep.ts";
import { noReminders } from "./change-questions.ts";
import { createHistory, createMemoryMarks } from "./event-history.ts";
import { createTestGuard } from "./guard.ts";
import type { KeyRing } from "./key-ring.ts";
import { t0 } from "./key-world.ts";
import { createMemoryLabelBook } from "./label-inventory.ts";
import { noRecords } from "./stack-records.ts";
import { createMemoryStates } from "./state-inventory.ts";
import { createMemoryInventory } from "./sweeper.ts";

const minute = 60_000;

export interface PacedOptions {
  readonly callsPerSecond?: number;
  /** Time (ms) of one sweep. */
  readonly timeMs?: number;
  readonly guard?: Partial<Guard>;
  /** How often (ms) the schedule starts a sweep. */
  readonly everyMs?: number;
  /** CloudTrail, on the clock of the sweeps; answers at once by default. */
  readonly history?: (time: { now: number }, calls: () => readonly DeletionRequest[]) => EventHistory;
}

/** Sweeps over `ring` on a clock of their own; every call to the control plane takes its turn, and 40 ms. */
export function sweepsOver(
  ring: KeyRing,
  {
    callsPerSecond = 1,
    timeMs = 4 * minute,
    everyMs = 5 * minute,
    guard: overrides = {},
    history: slow,
  }: PacedOptions = {},
) {
  const at: number[] = [];
  const made = createTestGuard(ring.worlds.values().next().value as never, t0, overrides);
  const { guard, time } = made;
  const pace = createPace(
    callsPerSecond,
    () => time.now,
    async (ms) => {
      time.now += ms;
    },
  );
  const paced = <Args extends unknown[], Answer>(call: (...args: Args) => Promise<Answer>) => {
    return async (...args: Args) => {
      await pace();
      at.push(time.now);
      time.now += 40;
      return await call(...args);
    };
  };
  const { observe, restore, startUsage, tags, aliases, pending, all, look } = ring;
  /** What the sweep calls; a test may put something else in its place. */
  const control: { keys: PaymentKeys } = {
    keys: {
      observe: paced(observe),
      restore: paced(restore),
      startUsage: paced(startUsage),
      tags: paced(tags),
      aliases: paced(aliases),
    },
  };
  const inventory = createMemoryInventory(t0);
  const labels = createMemoryLabelBook(4, t0);
  const states = createMemoryStates(paced(look));
  /** What CloudTrail's history has. */
  const calls = new Map<KeyArn, readonly DeletionRequest[]>();
  const lookups = {
    fails: undefined as Error | undefined,
    get reads() {
      return history.counts.reads;
    },
  };
  const known = () => [...calls.values()].flat();
  const history = createHistory({ calls: known, fails: () => lookups.fails });
  const marks = createMemoryMarks();
  /** When each sweep came to the log, with the time (ms) it had left for them. */
  const closings: { at: number; timeLeft: number }[] = [];
  const run = async (): Promise<SweepReport> => {
    const until = time.now + timeMs;
    return await sweep({
      guard: { ...guard, keys: control.keys, inventory },
      keyLists: { pending: paced(pending), all: paced(all), allAliases: paced(async () => await ring.allAliases()) },
      inventory,
      labels,
      states,
      records: noRecords,
      ...{ history: slow?.(time, known) ?? history, marks },
      notifyPauseChanged: async () => {},
      reminders: noReminders,
      sequence: async (_chains, timeLeft) => {
        closings.push({ at: time.now, timeLeft: timeLeft?.() ?? 0 });
        return { left: false };
      },
      timeLeft: () => until - time.now,
      onCaseProcessed: () => {},
    });
  };
  /** One sweep, and then the time until the schedule starts the next. */
  const tick = async (): Promise<SweepReport> => {
    const began = time.now;
    const report = await run();
    time.now = Math.max(time.now, began + everyMs);
    return report;
  };
  return { ...made, calls, lookups, marks, control, inventory, labels, states, closings, run, tick, at };
}
