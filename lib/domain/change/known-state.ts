import { isSameState, type State, stateText } from "../operations/state.ts";
import { dayMs } from "../time.ts";

/** An unbroken row of readings that showed the same state. Times are ms since the epoch. */
export interface StateSighting {
  /** Absent where the subject looked like something that is not kept. */
  readonly state?: State;
  /** When the first reading of the row ended. */
  readonly since: number;
  /** When the latest one began. */
  readonly at: number;
}

/** What is known of one aspect of a subject: its latest state, and the different one before it. */
export interface KnownState {
  readonly last: StateSighting;
  readonly other?: StateSighting;
}

/** Longer states (bytes as UTF-8) are not kept: a resource policy has 20 KB at most. */
const maxStateBytes = 65_536;

/** A state that was last seen this long (ms) before a change is no state before it: readings come once a day. */
export const maxUnseenMs = 3 * dayMs;

/**
 * Returns what is known once a look that began at `at` (ms) and ended at `shownAt` showed `state`. INVARIANT: an older sighting never replaces a newer
 * one, and a look that took its time proves neither a state before its end nor one after its begin.
 */
export function withSighting(known: KnownState | undefined, state: State, at: number, shownAt = at): KnownState {
  const seen: StateSighting = { ...(isKept(state) && { state }), since: shownAt, at };
  if (known === undefined) return { last: seen };
  const { last } = known;
  if (at < last.at) return known;
  if (isSame(last, seen)) return { ...known, last: { ...last, at } };
  return { last: seen, other: last };
}

/**
 * Returns the state that a subject had before `at` (ms), undefined where that is not known. INVARIANT: never a state that was first seen at `at` or
 * later: it may be the change itself.
 */
export function stateBefore(known: KnownState | undefined, at: number): State | undefined {
  const sighting = [known?.last, known?.other].find((each) => each !== undefined && each.since < at);
  return sighting === undefined || at - sighting.at > maxUnseenMs ? undefined : sighting.state;
}

function isSame(one: StateSighting, other: StateSighting): boolean {
  if (one.state === undefined || other.state === undefined) return one.state === other.state;
  return isSameState(one.state, other.state);
}

function isKept(state: State): boolean {
  return Buffer.byteLength(stateText(state)) <= maxStateBytes;
}
