import type { SimClock } from "./clock.ts";
import { type Call, type Fate, isFailing, isRead } from "./fate.ts";
import { nameOfFunction } from "./local.ts";
import { calmFrom, type FaultWindow, isOpen, type Plan } from "./plan.ts";
import { Random } from "./random.ts";

/** A call of a function on which a window bears. */
export interface Failure {
  /** ms since the epoch. */
  readonly at: number;
  readonly window: FaultWindow;
  readonly function: string;
  readonly call: Call;
}

/** Decides what happens to each call: by the windows of the plan, and otherwise by its noise. */
export class FaultsInForce {
  readonly #plan: Plan;
  readonly #clock: SimClock;
  readonly #beginning: number;
  readonly #shares: Random;
  readonly #noise: Random;
  readonly failures: Failure[] = [];
  /** Calls that a window let pass by its share. */
  readonly passes: Failure[] = [];

  constructor(plan: Plan, clock: SimClock) {
    this.#plan = plan;
    this.#clock = clock;
    this.#beginning = clock.now();
    this.#shares = new Random(plan.seed, "shares");
    this.#noise = new Random(plan.seed, "noise");
  }

  fateOf(call: Call): Fate | undefined {
    const { faults, noise } = this.#plan;
    const at = this.#clock.now() - this.#beginning;
    const window = faults.find((each) => applies(each, at, call));
    if (window !== undefined) {
      if (window.share === 1 || this.#shares.chance(window.share)) {
        this.#note(this.failures, window, call);
        return window.fate;
      }
      this.#note(this.passes, window, call);
    }
    const isNoisy = at < calmFrom && noise.rate > 0 && this.#noise.chance(noise.rate);
    return isNoisy ? this.#noise.one(noise.fates) : undefined;
  }

  #note(noted: Failure[], window: FaultWindow, call: Call): void {
    if (!isFailing(window.fate, call)) return;
    noted.push({ at: this.#clock.now(), window, function: nameOfFunction(call.accessKeyId), call });
  }
}

function applies(window: FaultWindow, at: number, call: Call): boolean {
  if (window.port !== call.port || !isOpen(window, at)) return false;
  if (window.function !== undefined && window.function !== nameOfFunction(call.accessKeyId)) return false;
  if (window.operation !== undefined && window.operation !== call.operation) return false;
  return window.calls === "all" || (window.calls === "read") === isRead(call);
}
