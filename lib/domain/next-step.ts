import { earliestDestruction, isRequestOf } from "./attribution.ts";
import type { Case } from "./case.ts";
import type { DeletionRequest } from "./deletion-request.ts";
import type { DetectionSource, EntryBody, UsageEvidence } from "./entry.ts";
import type { KeyObservation, PaymentKey } from "./payment-key.ts";
import { mayStartUsage } from "./usage-evidence.ts";

/** Everything the next step depends on. Times are ms since the epoch. */
export interface Situation {
  readonly now: number;
  /** Mode of the policy now in force. */
  readonly mode: "observe" | "enforce";
  readonly observation: KeyObservation;
  /** The newest case of the key, ended or not. */
  readonly newest?: Case;
  /** A record of a deletion that no case of the key knows yet. */
  readonly news?: DeletionRequest;
  readonly trigger: "event" | "service-event";
  /** An earlier delivery of the same message may have restored the key while the store could not record it. */
  readonly unrecordedAttempt: boolean;
}

export type Step =
  /** Open the next generation. */
  | { readonly do: "open"; readonly source: DetectionSource }
  | { readonly do: "record"; readonly body: EntryBody }
  | { readonly do: "take-in"; readonly source: DetectionSource }
  | { readonly do: "decide" }
  | { readonly do: "restore"; readonly late: boolean }
  | { readonly do: "start-usage"; readonly evidence: UsageEvidence }
  | { readonly do: "look-again" }
  | { readonly do: "wait"; readonly until: number }
  | { readonly do: "done" };

/** After so many failures of StartKeyUsage a person is asked instead. */
export const maxUsageStarts = 8;

/** How long (ms) an open case with nothing to do now rests before somebody looks again. */
export const restFor = 15 * 60_000;

/** The heart of the guard: what is still missing, whatever happened before. Pure and total. */
export function nextStep(situation: Situation): Step {
  const { newest, news, observation } = situation;
  if (newest === undefined || newest.end !== undefined) return withoutOpenCase(situation);
  const newDeletePendingAt = newerDeletion(newest, observation);
  if (newDeletePendingAt !== undefined)
    return { do: "record", body: { kind: "deletion-superseded", newDeletePendingAt } };
  if (news !== undefined) return takeIn(newest, news);
  switch (observation.kind) {
    case "unrecognised":
      return newest.unknownState === observation.state
        ? { do: "look-again" }
        : { do: "record", body: { kind: "key-state-unknown", state: observation.state } };
    case "destroyed":
      return { do: "record", body: { kind: "key-destroyed", how: "delete-complete" } };
    case "absent":
      return absent(newest, situation);
    case "live":
      return live(newest, observation.key, situation);
    case "pending":
      return pending(newest, observation.deletePendingAt, situation);
  }
}

function withoutOpenCase({ newest, news, observation, now, trigger }: Situation): Step {
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

function live(newest: Case, key: PaymentKey, situation: Situation): Step {
  switch (newest.restore) {
    case "none":
      return liveWithoutIntent(newest, key, situation);
    case "intended":
      return { do: "record", body: restored(newest, key, "found", situation.now) };
    case "restored":
      return afterRestore(newest, key, situation);
  }
}

function liveWithoutIntent(newest: Case, key: PaymentKey, { unrecordedAttempt, now }: Situation): Step {
  if (!unrecordedAttempt) return { do: "record", body: { kind: "restored-by-others" } };
  if (newest.undecided) return { do: "decide" };
  return restoresAtOnce(newest)
    ? { do: "record", body: restored(newest, key, "unrecorded", now) }
    : { do: "record", body: { kind: "restored-by-others" } };
}

/** The entry for a key seen restored; `now` is when it was seen. */
export function restored(of: Case, key: PaymentKey, how: "answered" | "found" | "unrecorded", now: number): EntryBody {
  const since = sinceDeletion(of, now);
  return { kind: "key-restored", enabled: key.enabled, how, ...(since !== undefined && { restoredAfterMs: since }) };
}

function sinceDeletion(of: Case, now: number): number | undefined {
  const deletedAt = of.requests.at(-1)?.at;
  return deletedAt === undefined || deletedAt > now ? undefined : now - deletedAt;
}

function afterRestore(newest: Case, key: PaymentKey, { mode, now }: Situation): Step {
  const leaveDisabled = newest.decision !== undefined && usageAfter(newest) === "leave-disabled";
  if (key.enabled) {
    const timeToUsableMs = sinceDeletion(newest, now);
    return {
      do: "record",
      body: { kind: "key-usable", ...(timeToUsableMs !== undefined && { timeToUsableMs }), despiteRule: leaveDisabled },
    };
  }
  if (leaveDisabled) return { do: "record", body: { kind: "key-left-disabled", why: "rule" } };
  if (newest.failed["start-usage"] >= maxUsageStarts)
    return { do: "record", body: { kind: "key-left-disabled", why: "start-failed" } };
  const start = mayStartUsage(usageAtDetection(newest, key), key);
  if ("why" in start) return { do: "record", body: { kind: "key-left-disabled", why: start.why } };
  return mode === "observe" ? { do: "wait", until: now + restFor } : { do: "start-usage", ...start };
}

function usageAtDetection(of: Case, now: PaymentKey) {
  const request = of.requests.at(-1);
  return {
    key: of.key ?? now,
    ...(request !== undefined && { deletedAt: request.at }),
    ...(request?.enabledInResponse !== undefined && { enabledInResponse: request.enabledInResponse }),
  };
}

function usageAfter({ decision }: Case): "resume" | "leave-disabled" {
  return decision === undefined || decision.effect.outcome === "allow" ? "resume" : decision.effect.usage;
}

/** Whether the decision is one that brings the key back before anybody is asked. */
function restoresAtOnce({ decision }: Pick<Case, "decision">): boolean {
  return decision !== undefined && decision.mode === "enforce" && decision.effect.outcome !== "allow";
}

function pending(newest: Case, deletePendingAt: number, situation: Situation): Step {
  const { now, mode } = situation;
  if (newest.deletePendingAt === undefined) return { do: "take-in", source: "unattributed-event" };
  const { decision } = newest;
  const provisional = decision?.mode === "observe" && mode === "enforce";
  if (decision === undefined || newest.undecided || provisional) return { do: "decide" };
  if (mode === "observe" || decision.mode === "observe") return { do: "wait", until: deletePendingAt };
  if (decision.effect.outcome === "allow")
    return newest.allowed
      ? { do: "wait", until: deletePendingAt }
      : { do: "record", body: { kind: "deletion-allowed", by: "rule" } };
  if (decision.effect.outcome === "ask" && !newest.nobodyAsked) {
    const { from, quorum } = decision.effect.approval;
    return { do: "record", body: { kind: "approval-not-requested", from, quorum } };
  }
  const late = now >= deletePendingAt;
  // The service may be up to 24 h late with the destruction itself: one attempt more, and no storm of them.
  return late && newest.lateRestore === "failed" ? { do: "wait", until: now + restFor } : { do: "restore", late };
}
