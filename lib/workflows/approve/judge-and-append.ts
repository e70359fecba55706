import type { GuardError } from "../../domain/guard-error.ts";
import { append, type Chain } from "../../domain/ledger/chain.ts";
import type { EntryBody } from "../../domain/ledger/entry.ts";

/** A judgement, and the conditional write that records it; without a write there is nothing to record. */
export interface Judged<Result> {
  readonly outcome: Result;
  /** INVARIANT: returns "saved" for a write that took effect, also if its answer was lost: the store recognises its own writes. */
  readonly save?: () => Promise<"saved" | "conflict">;
}

/** How to wait while a run of the guard holds a lease on what is read: it would refuse the write. */
export interface LeaseWait<Stored> {
  readonly isLeased: (stored: Stored, now: number) => boolean;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly waitMs: number;
  /** Once they are used up, the write is tried once more. */
  readonly maxWaits: number;
}

/** A request to add to something that others change at the same time. */
export interface JudgedRequest<Stored, Result> {
  /** Reads what the last write left. */
  readonly read: () => Promise<Stored>;
  /** Judges the request at `now` (ms), without effects: after a conflict it is judged again. */
  readonly judge: (stored: Stored, now: number) => Judged<Result>;
  /** Reads at most, waits included. */
  readonly maxRounds: number;
  readonly leaseWait?: LeaseWait<Stored>;
  /** Makes the error for a request that lost every round. */
  readonly gaveUp: () => GuardError;
  /** ms since the epoch. */
  readonly clock: () => number;
}

/**
 * Reads, judges and records a request. On a conflict it reads and judges again, so that the outcome always holds for what is stored.
 * Throws `gaveUp()`, or what reading, judging and saving throw.
 */
export async function judgeAndAppend<Stored, Result>(request: JudgedRequest<Stored, Result>): Promise<Result> {
  const { read, judge, maxRounds, leaseWait, gaveUp, clock } = request;
  let waitsLeft = leaseWait?.maxWaits ?? 0;
  for (let round = 0; round < maxRounds; round++) {
    const stored = await read();
    const now = clock();
    if (leaseWait !== undefined && waitsLeft > 0 && leaseWait.isLeased(stored, now)) {
      waitsLeft -= 1;
      await leaseWait.pause(leaseWait.waitMs);
      continue;
    }
    const { outcome, save } = judge(stored, now);
    if (save === undefined || (await save()) === "saved") return outcome;
    if (leaseWait !== undefined && waitsLeft === 0) break;
  }
  throw gaveUp();
}

/** Returns `before` with `entries` appended, as a conditional write of a chain takes it. */
export function appended(before: Chain, entries: readonly EntryBody[], now: number) {
  const chain = entries.reduce((longer, body) => append(longer, body, now), before);
  return { chain, expectedLength: before.entries.length };
}
