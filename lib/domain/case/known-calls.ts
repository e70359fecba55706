import type { Chain } from "../ledger/chain.ts";

/** One DeleteKey call that a case has on record. `at`: ms since the epoch. */
export interface KnownCall {
  readonly eventId: string;
  readonly at: number;
}

/** The DeleteKey calls that earlier cases of a key have on record, in bounded space. */
export interface KnownCalls {
  /** The latest ones, by eventID. */
  readonly latest: readonly KnownCall[];
  /** All calls up to this time (ms) count as known: the eventIDs of so many are not kept. */
  readonly upTo?: number;
}

/** How many eventIDs are kept: 64 take less than 4 KB. */
export const maxKnownCalls = 64;

/** Returns whether an earlier case knows `call`, or may have known it: a replayed record never speaks for a newer deletion. */
export function isKnownCall({ latest, upTo = Number.NEGATIVE_INFINITY }: KnownCalls, call: KnownCall): boolean {
  return call.at <= upTo || latest.some(({ eventId }) => eventId === call.eventId);
}

/** Returns `known` and `calls` together. What does not fit is known by its time alone. */
export function withCalls({ latest, upTo }: KnownCalls, calls: readonly KnownCall[]): KnownCalls {
  // An eventID may come again with another time, which someone chose: the latest counts, so that dropping it forgets none.
  const oldestFirst = [...latest, ...calls].sort((a, b) => a.at - b.at);
  const byId = new Map(oldestFirst.map((call) => [call.eventId, call]));
  const newestFirst = [...byId.values()].sort((a, b) => b.at - a.at);
  const dropped = newestFirst[maxKnownCalls]?.at;
  const limit = Math.max(upTo ?? Number.NEGATIVE_INFINITY, dropped ?? Number.NEGATIVE_INFINITY);
  return { latest: newestFirst.slice(0, maxKnownCalls), ...(Number.isFinite(limit) && { upTo: limit }) };
}

/**
 * Returns the calls that the entries of a case name. INVARIANT: no call is later than its record came, so that a record with a time
 * in the future cannot make later calls count as known.
 */
export function callsIn({ entries }: Pick<Chain, "entries">): readonly KnownCall[] {
  return entries.flatMap((entry) =>
    "request" in entry ? [{ eventId: entry.request.eventId, at: Math.min(entry.request.at, entry.at) }] : [],
  );
}
