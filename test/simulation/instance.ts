import type { SimClock } from "./clock.ts";

export type Handler = (event: unknown, context: object) => Promise<unknown>;

/** One execution environment of a function. Dead, it hears nothing any more: no answer arrives, no timer fires. */
export class Instance {
  readonly #clock: SimClock;
  /** How far (ms) its clock is ahead of the true time. */
  readonly skewMs: number;
  busy = true;
  dead = false;
  handler: Handler = async () => undefined;
  /** Fails the invocation that is under way. */
  fail: (why: string) => void = () => {};

  constructor(clock: SimClock, skewMs: number) {
    this.#clock = clock;
    this.skewMs = skewMs;
  }

  /** Returns the time (ms) that its own clock shows. */
  now(): number {
    return this.#clock.now() + this.skewMs;
  }

  end(why: string): void {
    this.dead = true;
    this.fail(why);
  }
}
