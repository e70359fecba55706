import { isRequestOf } from "../deletion/attribution.ts";
import type { DeletionRequest } from "../deletion/request.ts";
import { boundedValues } from "../ledger/bounded-values.ts";
import { canonicalJson } from "../ledger/canonical-json.ts";
import type { EntryBody, WhyUnconfirmed } from "../ledger/entry.ts";
import type { Case } from "./case.ts";
import { awaitsConfirmation, isNearDestruction, mayAwaitHistory } from "./confirmation.ts";

/** How long (ms) CloudTrail's event history may take to show a call; AWS says about 5 minutes on average, and promises nothing. */
const historyGraceMs = 60 * 60_000;

/** How old (ms) a call may be for its absence to prove anything: CloudTrail keeps 90 days. */
const keptForMs = 89 * 86_400_000;

/** What CloudTrail's event history has of one key. */
export interface Finding {
  /** The successful DeleteKey calls on it, in any order. */
  readonly calls: readonly DeletionRequest[];
  /** The history was read to its end: what is not there is not there yet, or never was. */
  readonly complete: boolean;
}

/** `attach-request`: a record that the case has to hear of, as if it came as an event. */
export type Consequence =
  | { readonly do: "record"; readonly body: EntryBody }
  | { readonly do: "attach-request"; readonly request: DeletionRequest }
  | { readonly do: "wait" };

/**
 * Returns what follows from `finding` for a case that has no record of its deletion; `known` are the eventIDs of all cases of its key.
 * Only a call that no other one followed can have led to the pending deletion.
 */
export function explained(state: Case, { calls, complete }: Finding, known: ReadonlySet<string>): Consequence {
  const latestAt = Math.max(...calls.map(({ at }) => at));
  const request = calls.find(
    (call) => call.at === latestAt && isRequestOf(state.deletePendingAt ?? 0, call) && !known.has(call.eventId),
  );
  if (request !== undefined) return { do: "attach-request", request };
  return complete ? { do: "record", body: { kind: "event-missed" } } : { do: "wait" };
}

/**
 * Returns what follows from `finding` for a case whose deletion rests on a record: one that is allowed, or that people are asked about.
 * `known` are the eventIDs of all cases of its key. INVARIANT: nothing but the very record that was decided on, with no other call at
 * its time or after it, confirms a deletion.
 */
export function confirmed(state: Case, finding: Finding, known: ReadonlySet<string>, now: number): Consequence {
  const decidedOn = state.requests.at(-1);
  if (decidedOn === undefined) return { do: "wait" };
  const own = finding.calls.filter(({ eventId }) => eventId === decidedOn.eventId);
  // An attack: the eventID of a real call, with another name in it.
  if (own.some((call) => !isSameRecord(call, decidedOn))) return unconfirmed("record-differs");
  const others = finding.calls.filter(({ eventId, at }) => at >= decidedOn.at && eventId !== decidedOn.eventId);
  const [newRequest] = others.filter(({ eventId }) => !known.has(eventId)).toSorted((a, b) => b.at - a.at);
  if (newRequest !== undefined) return { do: "attach-request", request: newRequest };
  // A call of the same second that was decided on as well is covered: the stricter decision holds.
  const followed = others.some((call) => !state.requests.some((request) => isSameRecord(call, request)));
  const ledHere = isRequestOf(state.deletePendingAt ?? 0, decidedOn) && !followed;
  if (ledHere && own.length > 0) return confirms(decidedOn);
  if (!awaitsConfirmation(state, now) || isPatient(state, now)) return { do: "wait" };
  if (!finding.complete) return withoutHistory(state, now);
  const isForgotten = state.confirmedAt !== undefined && now - decidedOn.at >= keptForMs;
  return ledHere && isForgotten ? confirms(decidedOn) : unconfirmed("no-record");
}

/** CloudTrail gets its time only once the deletion is allowed, and only while there is time. */
function isPatient(state: Case, now: number): boolean {
  return now - (state.allowedAt ?? now) < historyGraceMs && !isNearDestruction(state, now);
}

/** A history that cannot be read says nothing. A deletion that was never confirmed is restored by the plan, from the safety margin on. */
function withoutHistory(state: Case, now: number): Consequence {
  const isLate = state.confirmedAt !== undefined && !mayAwaitHistory(state, now);
  return isLate ? unconfirmed("history-unreadable") : { do: "wait" };
}

function confirms({ eventId }: DeletionRequest): Consequence {
  return { do: "record", body: { kind: "requester-confirmed", eventId } };
}

function unconfirmed(why: WhyUnconfirmed): Consequence {
  return { do: "record", body: { kind: "requester-unconfirmed", why } };
}

/** The record of a case has its texts cut. Every field counts but those that say how the record came: a replay and a correction are marked in the event alone. */
function isSameRecord(a: DeletionRequest, b: DeletionRequest): boolean {
  return recordText(a) === recordText(b);
}

function recordText({ replayName: _replayName, corrected: _corrected, ...record }: DeletionRequest): string {
  return canonicalJson(boundedValues(record));
}
