import type { SimClock, SimTimer } from "./clock.ts";
import type { Instance } from "./instance.ts";

type Callback = (...args: unknown[]) => void;

/** Returns Node's timer functions on virtual time; a dead instance's timers do not fire. */
export function timersOf(clock: SimClock, instance: Instance) {
  const setTimeout = (callback: Callback, ms: unknown = 0, ...args: unknown[]): SimTimer =>
    clock.after(Math.max(1, Number(ms) || 0), () => {
      if (!instance.dead) callback(...args);
    });
  const clearTimeout = (timer: SimTimer | undefined): void => timer?.cancel();
  const setInterval = (callback: Callback, ms: unknown, ...args: unknown[]): SimTimer => {
    let current: SimTimer;
    const again = () => {
      callback(...args);
      current = setTimeout(again, ms);
    };
    current = setTimeout(again, ms);
    const timer: SimTimer = {
      cancel: () => current.cancel(),
      ref: () => timer,
      unref: () => timer,
      hasRef: () => true,
    };
    return timer;
  };
  const setImmediate = (callback: Callback, ...args: unknown[]): SimTimer => setTimeout(callback, 0, ...args);
  return {
    ...{ setTimeout, clearTimeout, setInterval, clearInterval: clearTimeout },
    ...{ setImmediate, clearImmediate: clearTimeout },
  };
}
