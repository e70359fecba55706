import { isRequestOf } from "../deletion/attribution.ts";
import type { DeletionRequest } from "../deletion/request.ts";
import { boundedValues } from "../ledger/bounded-values.ts";
import { canonicalJson } from "../ledger/canonical-json.ts";
import type { EntryBody, WhyUnconfirmed } from "../ledger/entry.ts";
import { dayMs } from "../time.ts";
import type { Case } from "./case.ts";
import { awaitsConfirmation, historyGraceMs, isNearDestruction, mayAwaitHistory } from "./confirmation.ts";

/** How old (ms) a call may be for its absence to prove anything: CloudTrail keeps 90 days. */
const keptForMs = 89 * dayMs;

/** How long (ms) after a case was opened the record of its deletion is looked up, if the history cannot be read to its end. */
const explainedWithinMs = dayMs;

/**
 * What CloudTrail answers about one eventID. `other-call`: it belongs to something else than a successful DeleteKey call on a key of this
 * stack. `unread`: CloudTrail was not asked, or did not answer.
 */
export type RecordOfCall = DeletionRequest | "other-call" | "none" | "unread";

/** What CloudTrail's event history has of one key. */
export interface Finding {
  /** The successful DeleteKey calls on it since the one that was decided on, in any order. */
  readonly calls: readonly DeletionRequest[];
  /** `whole`: that is all of them. `forward`: all others are on record in the case. `cut`: others may be missing. */
  readonly read: "whole" | "forward" | "cut";
  /** What its eventID answers, where `calls` lacks the record that was decided on. */
  readonly record: RecordOfCall;
}

/** Returns whether a case of the key knows a call. */
export type IsKnown = (call: DeletionRequest) => boolean;

/** `attach-request`: a record that the case needs, as if it came as an event. */
export type Consequence =
  | { readonly do: "record"; readonly body: EntryBody }
  | { readonly do: "attach-request"; readonly request: DeletionRequest }
  /** `isOverdue`: an allowed deletion lacks its confirmation for longer than CloudTrail takes, because the history is unread. */
  | { readonly do: "wait"; readonly isOverdue?: true };

/**
 * Returns what follows from `finding` for a case that has no record of its deletion. Only a call that no other one followed can have led to
 * the pending deletion. A history that cannot be read to its end is asked for a day, and then the requester stays unknown.
 */
export function explained(state: Case, { calls, read }: Finding, isKnown: IsKnown, now: number): Consequence {
  const latestAt = Math.max(...calls.map(({ at }) => at));
  const request = calls.find(
    (call) => call.at === latestAt && isRequestOf(state.deletePendingAt ?? 0, call) && !isKnown(call),
  );
  if (request !== undefined) return { do: "attach-request", request };
  // INVARIANT: only a history that was read says again of an allowed deletion that it has no record.
  const isGivenUp = state.eventMissedAt === undefined && now - state.openedAt >= explainedWithinMs;
  if (read === "whole" || isGivenUp) return { do: "record", body: { kind: "event-missed" } };
  return awaitsConfirmation(state, now) ? { do: "wait", isOverdue: true } : { do: "wait" };
}

/**
 * Returns what follows from `finding` for a case whose deletion rests on a record: one that is allowed, or that people are asked about.
 * INVARIANT: nothing but the very record that was decided on, with no other call at its time or after it, confirms a deletion.
 */
export function confirmed(state: Case, finding: Finding, isKnown: IsKnown, now: number): Consequence {
  const decidedOn = state.requests.at(-1);
  if (decidedOn === undefined) return { do: "wait" };
  const { calls, read, record } = finding;
  const own = [...calls, ...(typeof record === "string" ? [] : [record])].filter(
    ({ eventId }) => eventId === decidedOn.eventId,
  );
  // An attack: the eventID of a real call, with another name in it.
  if (record === "other-call" || own.some((call) => !isSameRecord(call, decidedOn)))
    return unconfirmed("record-differs");
  const others = otherCalls(state, finding, decidedOn);
  const [newRequest] = others.filter((call) => !isKnown(call)).toSorted((a, b) => b.at - a.at);
  if (newRequest !== undefined) return { do: "attach-request", request: newRequest };
  // A call of the same second that was decided on as well is covered: the stricter decision holds.
  const followed = others.some((call) => !state.requests.some((request) => isSameRecord(call, request)));
  const ledHere = isRequestOf(state.deletePendingAt ?? 0, decidedOn) && !followed;
  const isForgotten = record === "none" && state.confirmedAt !== undefined && now - decidedOn.at >= keptForMs;
  if (ledHere && own.length > 0 && read !== "cut") return confirms(decidedOn);
  if (!awaitsConfirmation(state, now) || isPatient(state, now)) return { do: "wait" };
  if (ledHere && isForgotten && read !== "cut") return confirms(decidedOn);
  const isUnread = own.length > 0 || isForgotten ? ledHere : record === "unread";
  return isUnread ? withoutHistory(state, now) : unconfirmed("no-record");
}

/**
 * The other calls at the time of `decidedOn` or after it. Where the history is only known from reading it forward, a record on file that is
 * not attributed to this deletion may be one of them.
 */
function otherCalls(state: Case, { calls, read }: Finding, decidedOn: DeletionRequest): readonly DeletionRequest[] {
  const onRecord = read === "forward" ? state.unattributed : [];
  return [...calls, ...onRecord].filter(({ eventId, at }) => at >= decidedOn.at && eventId !== decidedOn.eventId);
}

/** CloudTrail gets its time only once the deletion is allowed, and only while there is time. */
function isPatient(state: Case, now: number): boolean {
  return now - (state.allowedAt ?? now) < historyGraceMs && !isNearDestruction(state, now);
}

/** A history that cannot be read says nothing. A deletion that was never confirmed is restored by the plan, from the safety margin on. */
function withoutHistory(state: Case, now: number): Consequence {
  const isLate = state.confirmedAt !== undefined && !mayAwaitHistory(state, now);
  return isLate ? unconfirmed("history-unreadable") : { do: "wait", isOverdue: true };
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
