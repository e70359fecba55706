import { isRequestOf } from "./attribution.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { Case } from "./case.ts";
import type { DeletionRequest } from "./deletion-request.ts";
import type { EntryBody } from "./entry.ts";

/** How long (ms) a record of a deletion may take to come, before the sweep looks the call up. */
export const graceForEvents = 15 * 60_000;

/** How long (ms) CloudTrail's event history may take to show a call; AWS says about 5 minutes on average, and promises nothing. */
const graceForHistory = 60 * 60_000;

/** No deletion that nobody confirmed is left alone later than this (ms) before the key may be destroyed. */
export const safetyMargin = 86_400_000;

/** Whether so little time is left that nothing is waited for any more. `now` in ms since the epoch. */
export function isNearDestruction({ deletePendingAt, over }: Case, now: number): boolean {
  return over === undefined && deletePendingAt !== undefined && now >= deletePendingAt - safetyMargin;
}

/**
 * An allowed deletion is provisional until CloudTrail itself tells of it: whoever can write to the guard queue could forge a record
 * that names somebody from the allowlist. What people approved they approved of the pending key itself, whoever had called.
 */
export function awaitsConfirmation({ allowed, requests, decision, permitUsed, confirmation, end }: Case): boolean {
  const byRecord = decision?.effect.outcome === "allow" || permitUsed !== undefined;
  return allowed && byRecord && requests.length > 0 && confirmation === "open" && end === undefined;
}

/**
 * Returns whether a deletion may pass by what is on record: it is allowed, and CloudTrail confirms it or can still be asked
 * in time. `now` in ms since the epoch.
 */
export function isReleased(of: Case, now: number): boolean {
  if (of.end !== undefined || !of.allowed || of.confirmation === "unconfirmed") return false;
  return !awaitsConfirmation(of) || !isNearDestruction(of, now);
}

/** What the sweep has to look up about a case. */
export type FollowUp = "explain" | "confirm" | "nothing";

export function followUp(of: Case, now: number): FollowUp {
  if (of.requests.length > 0) return awaitsConfirmation(of) ? "confirm" : "nothing";
  const patient = now - of.openedAt < graceForEvents && !isNearDestruction(of, now);
  return of.eventMissed || patient ? "nothing" : "explain";
}

/** What CloudTrail's event history has of one key. */
export interface Finding {
  /** The latest successful DeleteKey call on it. */
  readonly latest?: DeletionRequest;
  /** The history was read to its end: what is not there is not there yet, or never was. */
  readonly complete: boolean;
}

/** `news`: a record that the case has to hear of, as if it came as an event. */
export type Consequence =
  | { readonly do: "record"; readonly body: EntryBody }
  | { readonly do: "news"; readonly request: DeletionRequest }
  | { readonly do: "wait" };

/** What follows from `finding` for a case that has no record of its deletion; `known` are the eventIDs of all cases of its key. */
export function explained(of: Case, { latest, complete }: Finding, known: ReadonlySet<string>): Consequence {
  const speaksOfIt = latest !== undefined && isRequestOf(of.deletePendingAt ?? 0, latest);
  if (speaksOfIt && !known.has(latest.eventId)) return { do: "news", request: latest };
  return complete ? { do: "record", body: { kind: "event-missed" } } : { do: "wait" };
}

/** What follows from `finding` for a case whose allowed deletion awaits its confirmation. */
export function confirmed(of: Case, { latest, complete }: Finding, now: number): Consequence {
  const decidedOn = of.requests.at(-1);
  if (decidedOn === undefined) return { do: "wait" };
  if (latest?.eventId === decidedOn.eventId) {
    // An attack: the eventID of a real call, with another name in it.
    return isSameCall(latest, decidedOn)
      ? { do: "record", body: { kind: "requester-confirmed", eventId: latest.eventId } }
      : { do: "record", body: { kind: "requester-unconfirmed", why: "record-differs" } };
  }
  if (latest !== undefined && latest.at >= decidedOn.at && !of.eventIds.has(latest.eventId))
    return { do: "news", request: latest };
  const patient = now - (of.allowedAt ?? now) < graceForHistory && !isNearDestruction(of, now);
  if (patient || !complete) return { do: "wait" };
  return { do: "record", body: { kind: "requester-unconfirmed", why: "no-record" } };
}

function isSameCall(a: DeletionRequest, b: DeletionRequest): boolean {
  const call = ({ at, target, requester, sourceIp = "" }: DeletionRequest) =>
    canonicalJson({ at, target, requester, sourceIp });
  return call(a) === call(b);
}
