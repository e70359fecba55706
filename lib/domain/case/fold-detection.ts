import type { DeletionDetected, EntryOf } from "../ledger/entry.ts";
import type { Case } from "./case.ts";

/** Returns the state of a case before its first entry. */
export function blank({ case: { keyArn, generation } }: DeletionDetected, openedAt: number): Case {
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
    intentStands: false,
    usageStartIntended: false,
    allowed: false,
    confirmation: "open",
    promised: false,
    kept: false,
    permitSettled: false,
    votes: { counted: new Set(), refusedIds: new Set(), refused: new Map() },
    usageStartRequested: false,
    lookDenied: false,
    failed: { restore: 0, "start-usage": 0 },
  };
}

/** Returns the state once the deletion was seen, or a record of it came in. */
export function detected(before: Case, entry: EntryOf<"deletion-detected">): Case {
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
    // INVARIANT: the key may have been restored and deleted again unseen, so that each decision needs an intent of its own.
    intentStands: false,
    confirmation: "open",
    firstRecordAt: before.firstRecordAt ?? entry.at,
    requests: [...before.requests, request],
    undecided: true,
  };
}

/** Returns the state once a record of the deletion was found in CloudTrail's event history. */
export function learned(before: Case, { request, at }: EntryOf<"requester-learned">): Case {
  const { settled, ...others } = before;
  // This record may hold the missing evidence, and cards fail until the key is evaluated again.
  const reEvaluate = before.whyLeftDisabled === "no-evidence-that-it-was-enabled";
  return {
    ...others,
    ...(settled !== undefined && !reEvaluate && { settled }),
    firstRecordAt: before.firstRecordAt ?? at,
    requests: [...before.requests, request],
    eventIds: new Set([...before.eventIds, request.eventId]),
    ...(before.allowed && { allowedAt: at }),
    // INVARIANT: a plan that has begun is not remade because its requester became known.
    undecided: before.end === undefined && before.restore === "none" && before.question === undefined,
  };
}
