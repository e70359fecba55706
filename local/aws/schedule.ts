import type { Clock, ClockTimer } from "../clock/clock.ts";

/** `rate(5 minutes)` in ms. Throws an Error for what the local world does not know. */
export function rateMsOf(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const ms = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }[unit ?? ""];
  if (ms === undefined) throw new Error(`the local world does not know the schedule \`${expression}\``);
  return Number(count) * ms;
}

/** EventBridge Scheduler on this machine: calls its target again and again, one call at a time, on the world's clock. */
export class LocalSchedule {
  readonly #everyMs: number;
  readonly #clock: Clock;
  readonly #target: () => Promise<unknown>;
  readonly #onFailure: (error: unknown) => void;
  #timer: ClockTimer | undefined;
  #running: Promise<void> | undefined;

  constructor(everyMs: number, clock: Clock, target: () => Promise<unknown>, onFailure: (error: unknown) => void) {
    this.#everyMs = everyMs;
    this.#clock = clock;
    this.#target = target;
    this.#onFailure = onFailure;
  }

  get busy(): number {
    return this.#running === undefined ? 0 : 1;
  }

  start(): void {
    this.#timer = this.#clock.after(this.#everyMs, () => {
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
