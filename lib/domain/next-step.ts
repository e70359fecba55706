import { earliestDestruction, isRequestOf } from "./attribution.ts";
import type { Case } from "./case.ts";
import type { DeletionRequest } from "./deletion-request.ts";
import type { DetectionSource } from "./entry.ts";
import { stepForLiveKey } from "./live-key-step.ts";
import type { KeyObservation, WhyUndated } from "./payment-key.ts";
import { stepForPendingKey } from "./pending-key-step.ts";
import type { Situation, Step } from "./situation.ts";
import { stepForUndatedKey } from "./undated-key-step.ts";

/** The heart of the guard: what is still missing, whatever happened before. Pure and total. */
export function nextStep(situation: Situation): Step {
  const { newest, news, observation, noRoom } = situation;
  if (newest === undefined || newest.end !== undefined) return withoutOpenCase(situation);
  const newDeletePendingAt = newerDeletion(newest, observation);
  if (newDeletePendingAt !== undefined)
    return { do: "record", body: { kind: "deletion-superseded", newDeletePendingAt } };
  if (news !== undefined) return takeIn(newest, news);
  switch (observation.kind) {
    case "unrecognised":
      return noRoom || newest.unknownState === observation.state
        ? { do: "look-again" }
        : { do: "record", body: { kind: "key-state-unknown", state: observation.state } };
    case "destroyed":
      return { do: "record", body: { kind: "key-destroyed", how: "delete-complete" } };
    case "absent":
      return absent(newest, situation);
    case "undated":
      return stepForUndatedKey(newest, situation);
    case "live":
      return stepForLiveKey(newest, observation.key, situation);
    case "pending":
      return stepForPendingKey(newest, observation.deletePendingAt, situation);
  }
}

function withoutOpenCase(situation: Situation): Step {
  const { newest, news, observation, now, trigger } = situation;
  if (observation.kind === "undated") return undatedWithoutCase(situation, observation.why);
  if (observation.kind === "pending") {
    if (news === undefined) return { do: "open", source: trigger === "event" ? "unattributed-event" : trigger };
    return { do: "open", source: sourceOf(observation.deletePendingAt, news) };
  }
  if (news === undefined) return observation.kind === "unrecognised" ? { do: "look-again" } : { do: "done" };
  if (observation.kind === "absent" && now < earliestDestruction(news)) return { do: "look-again" };
  const lateRecord = newest?.requests.length === 0 && isRequestOf(newest.deletePendingAt ?? 0, news);
  return lateRecord
    ? { do: "record", body: { kind: "requester-learned", request: news } }
    : { do: "open", source: "event" };
}

/** GetKey is denied: only a new record of a deletion, or ListKeys in a sweep, says that the key is pending. */
function undatedWithoutCase({ newest, news, trigger }: Situation, why: WhyUndated): Step {
  const late = news !== undefined && newest?.requests.length === 0 && isRequestOf(newest.deletePendingAt ?? 0, news);
  if (late) return { do: "record", body: { kind: "requester-learned", request: news } };
  if (why === "denied" && news === undefined && trigger !== "sweep") return { do: "look-again" };
  return { do: "open", source: trigger };
}

/** INVARIANT: nothing is done to a deletion that the case was not opened for; pending again is the next case, even at an equal time. */
function newerDeletion({ deletePendingAt, restore }: Case, observation: KeyObservation): number | undefined {
  if (observation.kind !== "pending" || deletePendingAt === undefined) return undefined;
  const another = deletePendingAt !== observation.deletePendingAt || restore === "restored";
  return another ? observation.deletePendingAt : undefined;
}

function takeIn(newest: Case, news: DeletionRequest): Step {
  if (newest.deletePendingAt === undefined) return { do: "take-in", source: "event" };
  const known = newest.requests.at(-1);
  // What was called before the call that is known to have led here did not lead here.
  const earlier = known !== undefined && news.at < known.at;
  const source = earlier ? "unattributed-event" : sourceOf(newest.deletePendingAt, news);
  if (source === "event" && newest.requests.length === 0)
    return { do: "record", body: { kind: "requester-learned", request: news } };
  return { do: "take-in", source };
}

function sourceOf(deletePendingAt: number, request: DeletionRequest): DetectionSource {
  return isRequestOf(deletePendingAt, request) ? "event" : "unattributed-event";
}

function absent(newest: Case, { now, trigger }: Situation): Step {
  const request = newest.requests.at(-1);
  const notBefore = newest.deletePendingAt ?? (request && earliestDestruction(request)) ?? now;
  // A key that is gone before its time was not destroyed by the deletion we know of: somebody must look.
  if (now < notBefore) return { do: "look-again" };
  return { do: "record", body: { kind: "key-destroyed", how: trigger === "service-event" ? trigger : "not-found" } };
}
