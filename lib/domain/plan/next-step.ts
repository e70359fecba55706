import { keepRefusal, keptBy } from "../approval/dual-control.ts";
import type { Case } from "../case/case.ts";
import { earliestDestruction, isAttributable, isRequestOf } from "../deletion/attribution.ts";
import type { DeletionRequest } from "../deletion/request.ts";
import { isUnseen, type KeyObservation, type WhyUndated } from "../key/payment-key.ts";
import type { DetectionSource } from "../ledger/entry.ts";
import { minuteMs } from "../time.ts";
import { stepForLiveKey } from "./live-key.ts";
import { stepForPendingKey } from "./pending-key.ts";
import type { Situation, Step } from "./situation.ts";
import { stepForUndatedKey } from "./undated-key.ts";

/** Steps that restore the key, or lead to its restore. The revocation of permits comes after them: no deletion waits for it. */
const beforeRevocation: readonly Step["do"][] = [
  "open",
  "attach-request",
  "record",
  "decide",
  "restore",
  "read-inventory",
  "start-usage",
];

/**
 * Returns what is still missing, whatever happened before: the heart of the guard, pure and total. Earlier permits that a Keep revokes
 * (`isRevokedBy`) get the entry that says so before the run rests.
 */
export function nextStep(situation: Situation): Step {
  const { keep, permitsRevoked = false, withoutRecord } = situation;
  const step = stepFor(situation);
  const due = keep !== undefined && !permitsRevoked && !withoutRecord;
  return due && !beforeRevocation.includes(step.do) ? { do: "revoke-permits" } : step;
}

function stepFor(situation: Situation): Step {
  const { newest, newRequest, observation, noRoom } = situation;
  if (newest === undefined || newest.end !== undefined) return withoutOpenCase(situation);
  const newDeletePendingAt = newerDeletion(newest, observation);
  if (newDeletePendingAt !== undefined)
    return { do: "record", body: { kind: "deletion-superseded", newDeletePendingAt } };
  if (observation.kind === "undated" && isDeletedAgain(newest, situation))
    return { do: "record", body: { kind: "deletion-superseded" } };
  if (newRequest !== undefined) return attachRequest(newest, newRequest, observation);
  const keeper = keptElsewhere(newest, situation);
  if (keeper !== undefined && !noRoom) return { do: "record", body: keptBy(newest, keeper) };
  switch (observation.kind) {
    case "unrecognised":
      return noRoom || newest.unknownState === observation.state
        ? { do: "re-evaluate" }
        : { do: "record", body: { kind: "key-state-unknown", state: observation.state } };
    case "destroyed":
      return { do: "record", body: { kind: "key-destroyed", how: "delete-complete" } };
    case "absent":
      return absent(newest, situation);
    case "undated":
      return stepForUndatedKey(newest, observation.why, situation);
    case "live":
      return stepForLiveKey(newest, observation.key, situation);
    case "pending":
      return stepForPendingKey(newest, observation.deletePendingAt, situation);
  }
}

/**
 * Returns the person who kept the key in an earlier case after it was deleted again. A Keep is for the key: the older of two buttons
 * keeps it from the newer deletion too.
 */
function keptElsewhere(newest: Case, { keep, observation }: Situation): string | undefined {
  const gone = observation.kind === "destroyed" || observation.kind === "absent";
  if (keep === undefined || gone || keepRefusal(newest) !== undefined) return undefined;
  const deletedAt = Math.min(newest.openedAt, ...newest.requests.map(({ at }) => at));
  return keep.at >= deletedAt ? keep.by : undefined;
}

function withoutOpenCase(situation: Situation): Step {
  const { newest, newRequest, observation, now, trigger } = situation;
  if (observation.kind === "undated") return undatedWithoutCase(situation, observation.why);
  if (observation.kind === "pending") {
    if (newRequest === undefined) return { do: "open", source: trigger === "event" ? "unattributed-event" : trigger };
    return { do: "open", source: sourceOf(observation.deletePendingAt, newRequest) };
  }
  if (newRequest === undefined) return observation.kind === "unrecognised" ? { do: "re-evaluate" } : { do: "done" };
  if (observation.kind === "absent" && now < earliestDestruction(newRequest)) return { do: "re-evaluate" };
  return isLateRecord(newest, newRequest)
    ? { do: "record", body: { kind: "requester-learned", request: newRequest } }
    : { do: "open", source: sourceOfUnseen(newRequest) };
}

/** GetKey is denied or fails: only a new record of a deletion, or ListKeys in a sweep, says that the key is pending. */
function undatedWithoutCase({ newest, newRequest, trigger, listed }: Situation, why: WhyUndated): Step {
  if (newRequest !== undefined && isLateRecord(newest, newRequest))
    return { do: "record", body: { kind: "requester-learned", request: newRequest } };
  if (isUnseen(why) && newRequest === undefined && !listed) return { do: "re-evaluate" };
  return { do: "open", source: newRequest === undefined ? trigger : sourceOfUnseen(newRequest) };
}

/** Whether `newRequest` is the record of the deletion that `newest` was opened for, and that no record had explained. */
function isLateRecord(newest: Case | undefined, newRequest: DeletionRequest): boolean {
  if (newest === undefined || newest.requests.length > 0) return false;
  return isRequestOf(newest.deletePendingAt ?? 0, newRequest) && mayHaveOpened(newest, newRequest);
}

/** How far (ms) our clock may be behind that of CloudTrail. */
const clockSkewMs = minuteMs;

/** INVARIANT: a call that was made after the key was seen pending did not lead there: the key was deleted again. */
function mayHaveOpened({ openedAt }: Case, { at }: DeletionRequest): boolean {
  return at <= openedAt + clockSkewMs;
}

/**
 * Without a time to compare, a key is deleted again if a later call cannot have led to the deletion on record, or if it is pending after its restore.
 * INVARIANT: a call after the restore is no part of what was restored: its question may be open for days, and GetKey fail as long.
 */
function isDeletedAgain(newest: Case, { newRequest, listed }: Situation): boolean {
  const { deletePendingAt, requests, restoredAt } = newest;
  if (restoredAt !== undefined && listed) return true;
  if (newRequest === undefined || !isAttributable(newRequest)) return false;
  const known = requests.at(-1)?.at ?? newest.openedAt;
  if (newRequest.at <= known) return false;
  if (restoredAt !== undefined) return newRequest.at > restoredAt - clockSkewMs;
  return deletePendingAt !== undefined && !isRequestOf(deletePendingAt, newRequest);
}

/** INVARIANT: nothing is done to a deletion that the case was not opened for; pending again is the next case, even at an equal time. */
function newerDeletion({ deletePendingAt, restore }: Case, observation: KeyObservation): number | undefined {
  if (observation.kind !== "pending" || deletePendingAt === undefined) return undefined;
  const another = deletePendingAt !== observation.deletePendingAt || restore === "restored";
  return another ? observation.deletePendingAt : undefined;
}

function attachRequest(newest: Case, newRequest: DeletionRequest, observation: KeyObservation): Step {
  // A key that lives is pending by no record, so that a further one changes nothing about what people are asked.
  if (newest.requests.length > 0 && newest.restore === "restored" && observation.kind === "live")
    return { do: "attach-request", source: "unattributed-event" };
  if (newest.deletePendingAt === undefined) return { do: "attach-request", source: sourceOfUnseen(newRequest) };
  const known = newest.requests.at(-1);
  // What was called before the call that is known to have led here did not lead here.
  const earlier = known !== undefined && newRequest.at < known.at;
  const source = earlier ? "unattributed-event" : sourceOf(newest.deletePendingAt, newRequest);
  if (source === "event" && newest.requests.length === 0 && mayHaveOpened(newest, newRequest))
    return { do: "record", body: { kind: "requester-learned", request: newRequest } };
  return { do: "attach-request", source };
}

/** The source of a record whose deletion was never seen pending. */
function sourceOfUnseen(request: DeletionRequest): DetectionSource {
  return isAttributable(request) ? "event" : "unattributed-event";
}

function sourceOf(deletePendingAt: number, request: DeletionRequest): DetectionSource {
  return isRequestOf(deletePendingAt, request) ? "event" : "unattributed-event";
}

function absent(newest: Case, { now, trigger }: Situation): Step {
  const request = newest.requests.at(-1);
  const notBefore = newest.deletePendingAt ?? (request && earliestDestruction(request)) ?? now;
  // A key that is gone before its time was not destroyed by the deletion we know of: someone must look.
  if (now < notBefore) return { do: "re-evaluate" };
  return { do: "record", body: { kind: "key-destroyed", how: trigger === "service-event" ? trigger : "not-found" } };
}
