import type { Random } from "./random.ts";
import { type Task, TaskHeap } from "./task-heap.ts";

/** A timer of the simulation, in the form that Node's own timers have. */
export interface SimTimer {
  readonly cancel: () => void;
  readonly ref: () => SimTimer;
  readonly unref: () => SimTimer;
  readonly hasRef: () => boolean;
}

// The one real timer of the simulation; taken now, before anyone can replace it.
const realImmediate = setImmediate;

/** Virtual time, and the only scheduler: nothing happens in the simulation but the tasks of this clock, one at a time. */
export class SimClock {
  readonly #ties: Random;
  readonly #heap = new TaskHeap();
  #now: number;
  /** Tasks that were run. */
  steps = 0;
  speed = 1;

  constructor(now: number, ties: Random) {
    this.#now = now;
    this.#ties = ties;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): SimTimer {
    const task: Task = { at: this.#now + Math.max(0, Math.ceil(ms)), tie: this.#ties.next(), run, cancelled: false };
    this.#heap.push(task);
    const timer: SimTimer = {
      cancel: () => {
        task.cancelled = true;
      },
      ref: () => timer,
      unref: () => timer,
      hasRef: () => true,
    };
    return timer;
  }

  async sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => this.after(ms, resolve));
  }

  /** Runs what is due until `end` (ms since the epoch). */
  async run(end: number): Promise<void> {
    for (;;) {
      // Promises and ticks that the last task set off come to rest first: their order is the language's own.
      await new Promise((resolve) => realImmediate(resolve));
      const task = this.#heap.pop();
      if (task === undefined) break;
      if (task.at > end) {
        this.#heap.push(task);
        break;
      }
      this.#now = task.at;
      this.steps += 1;
      task.run();
    }
    this.#now = Math.max(this.#now, end);
  }
}
