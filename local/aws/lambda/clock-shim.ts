import { type SharedClock, WorldClock } from "../../clock/world-clock.ts";

/** Makes `Date`, `setTimeout` and `setInterval` of this thread follow the world's clock; the handler's bundle stays as it is. */
export function installClock(shared: SharedClock): void {
  const clock = new WorldClock(shared);
  const RealDate = Date;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [clock.now()] : args, newTarget),
    apply: () => new RealDate(clock.now()).toString(),
    get: (target, name, receiver) => (name === "now" ? () => clock.now() : Reflect.get(target, name, receiver)),
  });
  const realClear = globalThis.clearTimeout;
  const clear = (timer: unknown) => {
    if (timer instanceof Timer) timer.cancel();
    else realClear(timer as NodeJS.Timeout);
  };
  const timers = {
    setTimeout: (done: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      new Timer(clock, ms, false, () => done(...args)),
    setInterval: (done: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      new Timer(clock, ms, true, () => done(...args)),
    clearTimeout: clear,
    clearInterval: clear,
  };
  Object.assign(globalThis, timers);
}

/** A timer on the world's clock, with the methods of Node's own that libraries use. */
class Timer {
  readonly #clock: WorldClock;
  readonly #ms: number;
  readonly #again: boolean;
  readonly #done: () => void;
  #running: ReturnType<WorldClock["after"]>;

  constructor(clock: WorldClock, ms: number, again: boolean, done: () => void) {
    this.#clock = clock;
    this.#ms = Math.max(1, Number(ms) || 0);
    this.#again = again;
    this.#done = done;
    this.#running = this.#start();
  }

  #start(): ReturnType<WorldClock["after"]> {
    return this.#clock.after(this.#ms, () => {
      if (this.#again) this.#running = this.#start();
      this.#done();
    });
  }

  cancel(): void {
    this.#running.cancel();
  }

  refresh(): this {
    this.cancel();
    this.#running = this.#start();
    return this;
  }

  ref(): this {
    this.#running.ref();
    return this;
  }

  unref(): this {
    this.#running.unref();
    return this;
  }
}
