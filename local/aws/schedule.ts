import type { WorldClock } from "../clock/world-clock.ts";

/** `rate(5 minutes)` in ms. Throws an Error for what the local world does not know. */
export function rateOf(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const ms = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }[unit ?? ""];
  if (ms === undefined) throw new Error(`the local world does not know the schedule \`${expression}\``);
  return Number(count) * ms;
}

/** EventBridge Scheduler on this machine: calls its target again and again, one call at a time, on the world's clock. */
export class LocalSchedule {
  readonly #every: number;
  readonly #clock: WorldClock;
  readonly #target: () => Promise<unknown>;
  readonly #onFailure: (error: unknown) => void;
  #timer: { cancel: () => void } | undefined;
  #running: Promise<void> | undefined;

  constructor(every: number, clock: WorldClock, target: () => Promise<unknown>, onFailure: (error: unknown) => void) {
    this.#every = every;
    this.#clock = clock;
    this.#target = target;
    this.#onFailure = onFailure;
  }

  get busy(): number {
    return this.#running === undefined ? 0 : 1;
  }

  start(): void {
    this.#timer = this.#clock.after(this.#every, () => {
      void this.fire().then(() => {
        if (this.#timer !== undefined) this.start();
      });
    });
  }

  /** Calls the target now, or waits for the call that is under way. */
  async fire(): Promise<void> {
    this.#running ??= this.#target()
      .then(() => {}, this.#onFailure)
      .finally(() => {
        this.#running = undefined;
      });
    await this.#running;
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
