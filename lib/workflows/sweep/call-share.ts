/** The control-plane calls that the readings of one sweep may make together. */
export interface CallShare {
  /** How many are left; 0 where there is no time for one. */
  readonly left: () => number;
  readonly take: () => void;
}

/** 7,200 calls a day: three for each of the 2,000 keys of a region, and some for new ones. */
export const callsPerSweep = 25;
/** One call takes at most about this long (ms). */
const timePerCallMs = 5_000;

/** Returns the share of one sweep that has `timeLeft` (ms). */
export function shareOfCalls(timeLeft: () => number, calls = callsPerSweep): CallShare {
  let taken = 0;
  return {
    left: () => (timeLeft() >= timePerCallMs ? calls - taken : 0),
    take: () => {
      taken += 1;
    },
  };
}

/** Returns `share` for what must leave `reservedMs` of the sweep to others. */
export function leaving(share: CallShare, timeLeft: () => number, reservedMs: number): CallShare {
  return { ...share, left: () => (timeLeft() >= reservedMs + timePerCallMs ? share.left() : 0) };
}
