/** Waits until one more call may be made. */
export type Pace = () => Promise<void>;

/** Calls that may go out together: GetKey and RestoreKey of a single deletion never wait for each other. */
const burstSize = 2;

/** Windows ahead that calls made at once may queue up: the guard makes one after another. */
const longestQueue = 4;

/**
 * Keeps one instance to its share of the account's control-plane quota (5/s for everybody together): never more than two
 * calls in any window of `2 / callsPerSecond` seconds. `clock` answers in ms, `sleep` takes ms.
 */
export function createPace(callsPerSecond: number, clock: () => number, sleep: (ms: number) => Promise<unknown>): Pace {
  const window = (burstSize / callsPerSecond) * 1000;
  const slots: number[] = [];
  return async () => {
    const now = clock();
    // A slot further ahead than any queue of ours reaches means that the clock was set back: nobody waits for that.
    if (slots.some((taken) => taken > now + longestQueue * window)) slots.length = 0;
    const oldest = slots.length < burstSize ? undefined : slots.shift();
    const slot = Math.max(now, (oldest ?? Number.NEGATIVE_INFINITY) + window);
    // The slot is taken before the wait, so that calls made at once queue up behind each other.
    slots.push(slot);
    if (slot > now) await sleep(slot - now);
  };
}
