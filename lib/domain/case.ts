import type { Chain } from "./audit-chain.ts";
import type { DeletionRequest } from "./deletion-request.ts";
import type { Decided, DeletionDetected, Entry, GuardedEffect } from "./entry.ts";
import type { KeyArn } from "./key-arn.ts";
import type { PaymentKey } from "./payment-key.ts";

/** One scheduled deletion of one key, as its entries tell it. Made only by `foldCase`. Times are ms since the epoch. */
export interface Case {
  readonly keyArn: KeyArn;
  readonly generation: number;
  readonly openedAt: number;
  /** Absent when the key was not seen pending. */
  readonly deletePendingAt?: number;
  /** The key as it was when the deletion was detected. */
  readonly key?: PaymentKey;
  /** Every record of a deletion attributed to this case, in the order they came. */
  readonly requests: readonly DeletionRequest[];
  /** Every eventID recorded here, also of records that could not be attributed. */
  readonly eventIds: ReadonlySet<string>;
  readonly decision?: Decided;
  readonly undecided: boolean;
  /** Deleted again within the same case: the stricter of the old and the new decision holds. */
  readonly keepStricter: boolean;
  readonly restore: "none" | "intended" | "restored";
  readonly lateRestore: "none" | "intended" | "failed";
  readonly usageStartIntended: boolean;
  readonly allowed: boolean;
  readonly nobodyAsked: boolean;
  readonly unknownState?: string;
  /** Failures so far, as last recorded. */
  readonly failed: Readonly<Record<GuardedEffect, number>>;
  readonly end?: CaseEnd;
  /** Ended only because no record told that the key had been enabled. */
  readonly endedForLackOfEvidence: boolean;
}

export type CaseEnd =
  | "key-usable"
  | "key-left-disabled"
  | "restored-by-others"
  | "deletion-superseded"
  | "key-destroyed";

/** The state of a case: a pure fold over its entries. Undefined for a list that no case begins with. */
export function foldCase(entries: readonly Entry[]): Case | undefined {
  const [first, ...rest] = entries;
  return first?.kind === "deletion-detected" ? rest.reduce(apply, detected(blank(first, first.at), first)) : undefined;
}

/** The state of a chain that is known to hold a case; a TypeError for any other is a fault in the guard itself. */
export function caseOf(chain: Chain): Case {
  const folded = foldCase(chain.entries);
  if (folded === undefined) throw new TypeError("a case begins with `deletion-detected`");
  return folded;
}

function blank({ case: { keyArn, generation } }: DeletionDetected, openedAt: number): Case {
  return {
    keyArn,
    generation,
    openedAt,
    endedForLackOfEvidence: false,
    requests: [],
    eventIds: new Set(),
    undecided: true,
    keepStricter: false,
    restore: "none",
    lateRestore: "none",
    usageStartIntended: false,
    allowed: false,
    nobodyAsked: false,
    failed: { restore: 0, "start-usage": 0 },
  };
}

function detected(before: Case, entry: DeletionDetected): Case {
  const { request, source, deletePendingAt = before.deletePendingAt, key } = entry;
  const seen: Case = {
    ...before,
    ...(deletePendingAt !== undefined && { deletePendingAt }),
    // INVARIANT: usage evidence compares with the first sight of the key, so a later one never replaces it.
    ...(before.key === undefined && key !== undefined && { key }),
  };
  if (request === undefined) return seen;
  const known = { ...seen, eventIds: new Set([...before.eventIds, request.eventId]) };
  if (source === "unattributed-event") return known;
  return {
    ...known,
    requests: [...before.requests, request],
    undecided: true,
    keepStricter: before.decision !== undefined,
  };
}

function learned(before: Case, request: DeletionRequest): Case {
  const { end, ...open } = before;
  return {
    ...open,
    // The evidence that was lacking may be in this very record, and cards fail until somebody has looked.
    ...(end !== undefined && !before.endedForLackOfEvidence && { end }),
    requests: [...before.requests, request],
    eventIds: new Set([...before.eventIds, request.eventId]),
    // INVARIANT: a plan that has begun is not made anew because its requester became known.
    undecided: end === undefined && before.restore === "none",
    keepStricter: false,
  };
}

function apply(before: Case, entry: Entry): Case {
  switch (entry.kind) {
    case "deletion-detected":
      return detected(before, entry);
    case "requester-learned":
      return learned(before, entry.request);
    case "key-state-unknown":
      return { ...before, unknownState: entry.state };
    case "decided":
      return {
        ...before,
        decision: entry,
        undecided: false,
        allowed: before.allowed && entry.effect.outcome === "allow",
      };
    case "restore-intended":
      return { ...before, restore: "intended", lateRestore: entry.late ? "intended" : before.lateRestore };
    case "key-restored":
      return { ...before, restore: "restored" };
    case "usage-start-intended":
      return { ...before, usageStartIntended: true };
    case "approval-not-requested":
      return { ...before, nobodyAsked: true };
    case "deletion-allowed":
      return { ...before, allowed: true };
    case "effect-failed":
      return failed(before, entry.effect, entry.attempt);
    case "key-left-disabled":
      return { ...before, end: entry.kind, endedForLackOfEvidence: entry.why === "no-evidence-that-it-was-enabled" };
    case "restored-by-others":
    case "deletion-superseded":
    case "key-usable":
    case "key-destroyed":
      return { ...before, end: entry.kind };
  }
}

function failed(before: Case, effect: GuardedEffect, attempt: number): Case {
  const lateRestore = effect === "restore" && before.lateRestore === "intended" ? "failed" : before.lateRestore;
  return { ...before, failed: { ...before.failed, [effect]: attempt }, lateRestore };
}
