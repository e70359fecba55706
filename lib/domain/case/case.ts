import type { DeletionRequest } from "../deletion/request.ts";
import type { KeyArn } from "../key/key-arn.ts";
import type { PaymentKey } from "../key/payment-key.ts";
import type { Chain } from "../ledger/chain.ts";
import type { Decided, DeletionDetected, Entry, GuardedEffect, VoteCast, WhyLeftDisabled } from "../ledger/entry.ts";
import type { PermitId } from "../ledger/permit-name.ts";
import { voterName } from "../people/vote.ts";
import { type Keep, latestKeep } from "./keep.ts";
import { afterEntry, askedQuestion, type Question } from "./question.ts";

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
  /** Records that could not be attributed to the pending deletion: forged, replayed, of an earlier call, or with an alias only. */
  readonly unattributed: readonly DeletionRequest[];
  /** Every eventID recorded here, also of records that could not be attributed. */
  readonly eventIds: ReadonlySet<string>;
  readonly decision?: Decided;
  readonly undecided: boolean;
  readonly restore: "none" | "intended" | "restored";
  readonly lateRestore: "none" | "intended";
  readonly usageStartIntended: boolean;
  readonly allowed: boolean;
  /** When the deletion was allowed, as its latest record tells it: CloudTrail gets its time from then on. */
  readonly allowedAt?: number;
  /** What CloudTrail's own history says of the call that was decided on. */
  readonly confirmation: "open" | "confirmed" | "unconfirmed";
  /** When CloudTrail last confirmed that call. */
  readonly confirmedAt?: number;
  /** When it was last found that no record of the deletion is to be had: who called for it stays unknown. */
  readonly eventMissedAt?: number;
  /** What people were asked. */
  readonly question?: Question;
  /** Somebody keeps the key: whatever else was said, it lives. */
  readonly kept: boolean;
  /** The latest Keep of this case. */
  readonly keep?: Keep;
  /** `permit-issued` or `permit-withheld`: an approval of a key that lives has had its consequence. */
  readonly permitSettled: boolean;
  /** The permit that let this deletion pass. */
  readonly permitUsed?: PermitId;
  readonly votes: VoteLedger;
  /** The key has come to rest after the restore. */
  readonly rest?: "key-usable" | "key-left-disabled";
  readonly whyLeftDisabled?: WhyLeftDisabled;
  /** A person wants key usage started, evidence or not. */
  readonly usageStartRequested: boolean;
  readonly unknownState?: string;
  /** Failures so far, as last recorded. */
  readonly failed: Readonly<Record<GuardedEffect, number>>;
  /** The deletion is no more, for whatever reason. */
  readonly over?: "restored-by-others" | "deletion-superseded" | "key-destroyed";
  /** Nothing is left to do: the deletion is no more, or the key is at rest and nobody is being asked. */
  readonly end?: CaseEnd;
}

/** Votes so far, as far as one must know not to count or record them twice. */
export interface VoteLedger {
  readonly counted: ReadonlySet<string>;
  readonly refusedIds: ReadonlySet<string>;
  /** Votes recorded that did not count, by voter. */
  readonly refused: ReadonlyMap<string, number>;
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
  if (first?.kind !== "deletion-detected") return undefined;
  return rest.reduce((before, entry) => withEnd(apply(before, entry)), detected(blank(first, first.at), first));
}

function withEnd({ end: _before, ...state }: Case): Case {
  const end = state.over ?? (isSettled(state) ? state.rest : undefined);
  return { ...state, ...(end && { end }) };
}

/** Whether nobody is being asked, and what people said has had its consequence. */
function isSettled({ decision, question, kept, permitSettled, confirmation }: Omit<Case, "end">): boolean {
  // INVARIANT: nobody is asked about, and no permit is given to, a requester whom CloudTrail does not confirm.
  if (decision?.effect.outcome !== "ask" || kept || confirmation === "unconfirmed") return true;
  // Without a question no permit is withheld but for the want of room to ask one.
  if (question === undefined) return permitSettled;
  return question.state !== "open" && (question.state !== "granted" || permitSettled);
}

/** Nothing will ever be done about the case again: its deletion is no more, and who called for it is known or stays unknown. */
export function isClosed({ end, requests, eventMissedAt }: Case): boolean {
  return end !== undefined && (requests.length > 0 || eventMissedAt !== undefined);
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
    requests: [],
    unattributed: [],
    eventIds: new Set(),
    undecided: true,
    restore: "none",
    lateRestore: "none",
    usageStartIntended: false,
    allowed: false,
    confirmation: "open",
    kept: false,
    permitSettled: false,
    votes: { counted: new Set(), refusedIds: new Set(), refused: new Map() },
    usageStartRequested: false,
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
  if (source === "unattributed-event") return { ...known, unattributed: [...known.unattributed, request] };
  // INVARIANT: what people said of one deletion says nothing of another, even within the same case.
  const {
    question: _question,
    permitUsed: _permit,
    confirmedAt: _confirmedAt,
    allowedAt: _allowedAt,
    ...unasked
  } = known;
  return {
    ...unasked,
    allowed: false,
    permitSettled: false,
    confirmation: "open",
    requests: [...before.requests, request],
    undecided: true,
  };
}

type RequesterLearned = Extract<Entry, { kind: "requester-learned" }>;

function learned(before: Case, { request, at }: RequesterLearned): Case {
  const { rest, ...others } = before;
  // The evidence that was lacking may be in this very record, and cards fail until somebody has looked.
  const lookAgain = before.whyLeftDisabled === "no-evidence-that-it-was-enabled";
  return {
    ...others,
    ...(rest !== undefined && !lookAgain && { rest }),
    requests: [...before.requests, request],
    eventIds: new Set([...before.eventIds, request.eventId]),
    ...(before.allowed && { allowedAt: at }),
    // INVARIANT: a plan that has begun is not made anew because its requester became known.
    undecided: before.end === undefined && before.restore === "none" && before.question === undefined,
  };
}

function apply(before: Case, entry: Entry): Case {
  switch (entry.kind) {
    case "deletion-detected":
      return detected(before, entry);
    case "requester-learned":
      return learned(before, entry);
    case "key-state-unknown":
      return { ...before, unknownState: entry.state };
    case "decided":
      return {
        ...before,
        decision: entry,
        undecided: false,
        allowed: before.allowed && entry.effect.outcome === "allow",
        ...(entry.effect.outcome === "allow" && withdrawn(before)),
      };
    case "restore-intended":
      return restoreIntended(before, entry.late);
    case "key-restored":
      return { ...before, restore: "restored" };
    case "usage-start-intended":
      return { ...before, usageStartIntended: true };
    case "deletion-allowed":
      return { ...before, allowed: true, allowedAt: entry.at };
    case "event-missed":
      return { ...before, eventMissedAt: entry.at };
    case "requester-confirmed":
      return { ...before, confirmation: "confirmed", confirmedAt: entry.at };
    case "requester-unconfirmed":
      return { ...before, confirmation: "unconfirmed", allowed: false, ...withdrawn(before) };
    case "effect-failed":
      return failed(before, entry.effect, entry.attempt);
    case "key-usable":
      return { ...before, rest: entry.kind };
    case "key-left-disabled":
      return { ...before, rest: entry.kind, whyLeftDisabled: entry.why, usageStartRequested: false };
    case "restored-by-others":
    case "deletion-superseded":
    case "key-destroyed":
      return { ...before, over: entry.kind };
    case "usage-start-requested":
      return startRequested(before);
    case "pause-requested":
    case "pause-granted":
    case "pause-ended":
      // A pause is a chain of its own, and no case has such entries.
      return before;
    default:
      return people(before, entry);
  }
}

type OfPeople = Extract<Entry, { kind: `approval-${string}` | `permit-${string}` | "vote-cast" }>;

function people(before: Case, entry: OfPeople): Case {
  if (entry.kind === "approval-requested") return { ...before, question: askedQuestion(entry, entry.at) };
  const state = before.question ? { ...before, question: afterEntry(before.question, entry) } : before;
  switch (entry.kind) {
    case "vote-cast":
      return { ...state, votes: withVote(state.votes, entry), ...renewedKeep(state, entry) };
    case "approval-refused":
      return { ...state, kept: true, ...withKeep(state, entry.at, entry.by), allowed: false };
    case "permit-issued":
    case "permit-withheld":
      return { ...state, permitSettled: true };
    case "permit-used":
      return { ...state, permitUsed: entry.permit };
    default:
      return state;
  }
}

/** A Keep that counts in a case that is kept already. */
function renewedKeep(
  of: Case,
  { vote, person, refused: why, at }: VoteCast & { readonly at: number },
): Pick<Case, "keep"> {
  const renews = of.kept && vote.choice === "keep" && why === undefined && person !== undefined;
  return renews ? withKeep(of, at, person) : {};
}

function withKeep({ keep }: Case, at: number, by: string): Pick<Case, "keep"> {
  const latest = latestKeep([keep, { at, by }]);
  return latest === undefined ? {} : { keep: latest };
}

/** The question as it stands once nobody needs its answer any more. */
function withdrawn({ question }: Case): Pick<Case, "question"> {
  const hasConsequence = question?.state === "open" || question?.state === "granted";
  return hasConsequence ? { question: { ...question, state: "withdrawn" } } : {};
}

function withVote(ledger: VoteLedger, { vote, refused: why }: VoteCast): VoteLedger {
  if (why === undefined) return { ...ledger, counted: new Set([...ledger.counted, vote.id]) };
  const voter = voterName(vote.voter);
  return {
    ...ledger,
    refusedIds: new Set([...ledger.refusedIds, vote.id]),
    refused: new Map(ledger.refused).set(voter, (ledger.refused.get(voter) ?? 0) + 1),
  };
}

function startRequested({ rest: _rest, whyLeftDisabled: _why, ...before }: Case): Case {
  return {
    ...before,
    usageStartRequested: true,
    usageStartIntended: false,
    failed: { ...before.failed, "start-usage": 0 },
  };
}

/** A deletion that people allowed is no longer allowed once the restore begins, as when their approval lapses. */
function restoreIntended(before: Case, late: boolean): Case {
  return {
    ...before,
    restore: "intended",
    lateRestore: late ? "intended" : before.lateRestore,
    allowed: before.allowed && before.decision?.effect.outcome !== "ask",
  };
}

function failed(before: Case, effect: GuardedEffect, attempt: number): Case {
  return { ...before, failed: { ...before.failed, [effect]: attempt } };
}
