import { safetyMarginMs } from "../case/confirmation.ts";
import type { KeyObservation } from "../key/payment-key.ts";
import type { Chain } from "../ledger/chain.ts";
import type { EntryBody } from "../ledger/entry.ts";
import { type Directory, personOfVoter } from "../people/directory.ts";
import type { Voter } from "../people/vote.ts";
import type { PauseTerms } from "../policy/pause-terms.ts";
import { hourMs } from "../time.ts";

/** What a person of the terms' group wants: suspend enforcement for a while, or resume it. */
export type PauseRequest =
  | { readonly do: "pause"; readonly forMs: number; readonly reason: string }
  | { readonly do: "end"; readonly reason: string };

/** One pause as its own chain tells it. Times are ms since the epoch. */
export interface Pause {
  /** 1, 2, 3 ...: pauses of a stack follow each other. */
  readonly number: number;
  readonly requestedBy: string;
  readonly forMs: number;
  readonly reason: string;
  /** Until when a second person may agree. */
  readonly deadline: number;
  readonly granted?: { readonly by: string; readonly at: number; readonly until: number };
  readonly endedBy?: string;
}

export type PauseRefusal =
  /** The policy names nobody who may. */
  | "no-pauses"
  | "stranger"
  | "not-of-the-group"
  | "too-long"
  | "same-person"
  | "paused-already"
  | "nothing-to-end"
  /** Its proof could no longer be verified when it was judged. */
  | "proof-expired";

export type PauseVerdict =
  | { readonly kind: "requested"; readonly from: string; readonly deadline: number }
  | { readonly kind: "granted"; readonly until: number }
  | { readonly kind: "ended" }
  | { readonly kind: "refused"; readonly why: PauseRefusal };

/** How long (ms) a request to pause waits for a second person. */
export const requestLifetimeMs = hourMs;

/** The state of a pause: a fold over its entries. Undefined for a list that no request begins with. */
export function foldPause({ entries }: Chain): Pause | undefined {
  const [first, ...rest] = entries;
  if (first?.kind !== "pause-requested") return undefined;
  const { number, forMs, person, reason, at } = first;
  const granted = rest.find((entry) => entry.kind === "pause-granted");
  const ended = rest.find((entry) => entry.kind === "pause-ended");
  return {
    number,
    requestedBy: person,
    forMs,
    reason,
    deadline: at + requestLifetimeMs,
    ...(granted && { granted: { by: granted.person, at: granted.at, until: granted.until } }),
    ...(ended && { endedBy: ended.person }),
  };
}

/**
 * Whether the guard is paused at `now` (ms). Judged by the policy of now, not of then: a person who left the group no longer pauses anything, and a
 * pause longer than the terms allow is none. INVARIANT: two distinct persons of the group have asked for it.
 */
export function isPaused(
  pause: Pause | undefined,
  terms: PauseTerms | undefined,
  { members }: Directory,
  now: number,
): boolean {
  const { granted, requestedBy, endedBy } = pause ?? {};
  if (granted === undefined || requestedBy === undefined || terms === undefined || endedBy !== undefined) return false;
  const group = members.get(terms.from) ?? [];
  const two = granted.by !== requestedBy && [granted.by, requestedBy].every((person) => group.includes(person));
  return two && granted.at <= now && now < granted.until && granted.until - granted.at <= terms.atMostMs;
}

/**
 * Returns whether a pause holds for a key: not for one that would be gone before people could react. `recordedAt` (ms) is the time on record, which
 * counts where GetKey fails.
 */
export function leavesTime(observation: KeyObservation, now: number, recordedAt?: number): boolean {
  if (observation.kind === "undated")
    return observation.why === "unavailable" && recordedAt !== undefined && now < recordedAt - safetyMarginMs;
  return observation.kind !== "pending" || now < observation.deletePendingAt - safetyMarginMs;
}

export interface PauseJudgement {
  /** What to add; to a chain of its own (`number`) if it begins with a request. */
  readonly entries: readonly EntryBody[];
  readonly number: number;
  readonly verdict: PauseVerdict;
}

interface SubmittedRequest {
  readonly request: PauseRequest;
  readonly voter: Voter;
  /** ms since the epoch. */
  readonly now: number;
}

/** Judges a request. `latest` is the newest pause, whatever its state. */
export function judgePause(
  latest: Pause | undefined,
  terms: PauseTerms | undefined,
  directory: Directory,
  submitted: SubmittedRequest,
): PauseJudgement {
  const { request, voter, now } = submitted;
  const person = personOfVoter(directory, voter);
  const refused = (why: PauseRefusal): PauseJudgement => ({
    entries: [],
    number: 0,
    verdict: { kind: "refused", why },
  });
  if (terms === undefined) return refused("no-pauses");
  if (person === undefined) return refused("stranger");
  const { reason } = request;
  const asked = latest !== undefined && isAsked(latest, now);
  const paused = isPaused(latest, terms, directory, now);
  if (request.do === "end") {
    // One person is enough for a key to be guarded again, and anyone whom the directory knows.
    if (latest === undefined || !(asked || paused)) return refused("nothing-to-end");
    return {
      entries: [{ kind: "pause-ended", voter, person, reason }],
      number: latest.number,
      verdict: { kind: "ended" },
    };
  }
  if (!directory.members.get(terms.from)?.includes(person)) return refused("not-of-the-group");
  if (request.forMs > terms.atMostMs) return refused("too-long");
  if (paused) return refused("paused-already");
  if (asked) {
    if (latest.requestedBy === person) return refused("same-person");
    // The shorter of what the two have asked for.
    const until = now + Math.min(request.forMs, latest.forMs);
    const granted = { kind: "pause-granted", voter, person, reason, until } as const;
    return { entries: [granted], number: latest.number, verdict: { kind: "granted", until } };
  }
  const number = (latest?.number ?? 0) + 1;
  const requested = { kind: "pause-requested", number, forMs: request.forMs, voter, person, reason } as const;
  return {
    entries: [requested],
    number,
    verdict: { kind: "requested", from: terms.from, deadline: now + requestLifetimeMs },
  };
}

function isAsked({ granted, endedBy, deadline }: Pause, now: number): boolean {
  return granted === undefined && endedBy === undefined && now < deadline;
}
