/** Slots of the shared state. */
const realBase = 0;
const worldBase = 1;
const pace = 2;

/** How often (real ms) a sleeper looks whether the clock was moved. */
const lookEveryMs = 20;

const realNow = Date.now;
const realSetTimeout = setTimeout;
const realClearTimeout = clearTimeout;

/** What a thread needs to read the same clock. */
export interface SharedClock {
  readonly values: SharedArrayBuffer;
  readonly version: SharedArrayBuffer;
}

/**
 * The time of the local world: it can run faster than real time, stand still, or jump, so that days pass in a second. All threads
 * read the same clock. Times in ms since the epoch.
 */
export class WorldClock {
  readonly shared: SharedClock;
  readonly #values: Float64Array;
  readonly #version: Int32Array;

  constructor(shared?: SharedClock) {
    this.shared = shared ?? { values: new SharedArrayBuffer(24), version: new SharedArrayBuffer(4) };
    this.#values = new Float64Array(this.shared.values);
    this.#version = new Int32Array(this.shared.version);
    if (shared === undefined) this.#set(realNow(), 1);
  }

  now(): number {
    const { base, world, speed } = this.#read();
    return Math.round(world + (realNow() - base) * speed);
  }

  get speed(): number {
    return this.#read().speed;
  }

  jump(ms: number): void {
    this.#set(this.now() + ms, this.speed);
  }

  /** 1 is real time, 0 stands still. */
  setSpeed(speed: number): void {
    this.#set(this.now(), speed);
  }

  /** Calls `done` once `ms` have passed on this clock; answers how to call it off. */
  after(ms: number, done: () => void): { cancel: () => void; ref: () => void; unref: () => void } {
    const due = this.now() + ms;
    const wait = () => {
      const left = due - this.now();
      const real = this.speed === 0 ? lookEveryMs : Math.min(left / this.speed, lookEveryMs);
      return realSetTimeout(look, Math.max(0, real));
    };
    let referenced = true;
    const look = () => {
      if (this.now() >= due) return done();
      timer = wait();
      if (!referenced) timer.unref();
    };
    let timer = wait();
    return {
      cancel: () => realClearTimeout(timer),
      ref: () => {
        referenced = true;
        timer.ref();
      },
      unref: () => {
        referenced = false;
        timer.unref();
      },
    };
  }

  async sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => this.after(ms, resolve));
  }

  /** Another thread may be writing: read again until two looks agree. */
  #read(): { base: number; world: number; speed: number } {
    for (;;) {
      const before = Atomics.load(this.#version, 0);
      const [base = 0, world = 0, speed = 1] = this.#values;
      if (before % 2 === 0 && Atomics.load(this.#version, 0) === before) return { base, world, speed };
    }
  }

  #set(world: number, speed: number): void {
    Atomics.add(this.#version, 0, 1);
    this.#values[realBase] = realNow();
    this.#values[worldBase] = world;
    this.#values[pace] = speed;
    Atomics.add(this.#version, 0, 1);
  }
}
