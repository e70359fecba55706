import { earliestDestruction, isRequestOf } from "./attribution.ts";
import type { Case } from "./case.ts";
import { awaitsConfirmation, graceForEvents, isNearDestruction, safetyMargin } from "./confirmation.ts";
import type { Approval } from "./decision.ts";
import type { DeletionRequest } from "./deletion-request.ts";
import { standingOf } from "./dual-control.ts";
import type { DetectionSource, EntryBody, UsageEvidence } from "./entry.ts";
import type { KeyObservation, PaymentKey } from "./payment-key.ts";
import { isLive, type PermitState, permits } from "./permit.ts";
import type { Directory } from "./person.ts";
import { dueReminder, nextMoment, type Question } from "./question.ts";
import { type KeySighting, mayStartUsage } from "./usage-evidence.ts";

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
  readonly trigger: "event" | "service-event" | "look-again" | "sweep";
  readonly directory: Directory;
  /** The permits of the key, once they were read; they are read only where one could matter. */
  readonly permits?: readonly PermitState[];
  /** What the inventory knows of the key, once it was asked; it is asked only where a key came back disabled. */
  readonly lastSeen?: KeySighting | "never";
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
  | { readonly do: "read-permits" }
  | { readonly do: "read-inventory" }
  | { readonly do: "use-permit"; readonly permit: number }
  | { readonly do: "issue-permit" }
  | { readonly do: "ask"; readonly deadline: number }
  | { readonly do: "await-requester" }
  | { readonly do: "look-again" }
  | { readonly do: "wait"; readonly until: number }
  | { readonly do: "done" };

/** After so many failures of StartKeyUsage a person is asked instead. */
export const maxUsageStarts = 8;

/** How long (ms) an open case with nothing to do now rests before somebody looks again. */
export const restFor = 15 * 60_000;

/** How often (ms) somebody looks whether the deletion that is left alone is still the one that was allowed. */
const verifyEvery = 60 * 60_000;

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

function afterRestore(newest: Case, key: PaymentKey, situation: Situation): Step {
  return newest.rest === undefined ? toRest(newest, key, situation) : atRest(newest, situation);
}

function toRest(newest: Case, key: PaymentKey, situation: Situation): Step {
  const { mode, now } = situation;
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
  if (!newest.usageStartRequested && situation.lastSeen === undefined) return { do: "read-inventory" };
  const start = newest.usageStartRequested
    ? { evidence: "requested-by-person" as const }
    : mayStartUsage(usageAtDetection(newest, key, situation), key);
  if ("why" in start) return { do: "record", body: { kind: "key-left-disabled", why: start.why } };
  return mode === "observe" ? { do: "wait", until: now + restFor } : { do: "start-usage", ...start };
}

function usageAtDetection(of: Case, now: PaymentKey, { lastSeen }: Situation) {
  const request = of.requests.at(-1);
  return {
    key: of.key ?? now,
    ...(lastSeen !== undefined && lastSeen !== "never" && { lastSeen }),
    ...(request !== undefined && { deletedAt: request.at }),
    ...(request?.enabledInResponse !== undefined && { enabledInResponse: request.enabledInResponse }),
  };
}

function usageAfter({ decision }: Case): "resume" | "leave-disabled" {
  return decision === undefined || decision.effect.outcome === "allow" ? "resume" : decision.effect.usage;
}

/** The key lives, and people are still to be asked, or what they said is to have its consequence. */
function atRest(newest: Case, situation: Situation): Step {
  const { decision, question } = newest;
  if (decision?.effect.outcome !== "ask") return { do: "done" };
  if (question === undefined) return { do: "ask", deadline: situation.now + decision.effect.approval.withinMs };
  return question.state === "open" ? openQuestion(newest, question, situation) : { do: "issue-permit" };
}

function openQuestion(newest: Case, question: Question, { now, directory }: Situation): Step {
  if (now >= question.deadline) return { do: "record", body: { kind: "approval-expired" } };
  // Who asked for the deletion may have become known since the last vote, and the quorum is one less then.
  const { reached, approvedBy, quorum } = standingOf(newest, directory);
  if (reached) return { do: "record", body: { kind: "approval-granted", by: approvedBy, quorum } };
  const percent = dueReminder(question, now);
  if (percent !== undefined) return { do: "record", body: { kind: "approval-reminded", percent } };
  return { do: "wait", until: nextMoment(question) };
}

/** Whether no record of the deletion is waited for any more. */
export function isPastWaiting({ openedAt, eventMissed }: Case, now: number): boolean {
  return eventMissed || now - openedAt >= graceForEvents;
}

/** Whether the decision is one that brings the key back before anybody is asked. */
function restoresAtOnce({ decision }: Pick<Case, "decision">): boolean {
  if (decision === undefined || decision.mode !== "enforce" || decision.effect.outcome === "allow") return false;
  return decision.effect.outcome === "restore" || decision.effect.approval.meanwhile === "restored";
}

function pending(newest: Case, deletePendingAt: number, situation: Situation): Step {
  const { mode } = situation;
  if (newest.deletePendingAt === undefined) return { do: "take-in", source: "unattributed-event" };
  const { decision } = newest;
  const provisional = decision?.mode === "observe" && mode === "enforce";
  if (decision === undefined || newest.undecided || provisional) return { do: "decide" };
  if (mode === "observe" || decision.mode === "observe") return leftAlone(deletePendingAt, situation.now, verifyEvery);
  if (!mayBeLeftAlone(newest, situation)) return restoreNow(newest, deletePendingAt, situation);
  switch (decision.effect.outcome) {
    case "allow":
      return allowed(newest, deletePendingAt, "rule", situation);
    case "ask":
      return asked(newest, deletePendingAt, decision.effect.approval, situation);
    case "restore":
      return restoreNow(newest, deletePendingAt, situation);
  }
}

/** INVARIANT: nothing that CloudTrail does not confirm is left to die. */
function mayBeLeftAlone(newest: Case, { trigger, now }: Situation): boolean {
  if (newest.confirmation === "unconfirmed") return false;
  // Only the sweep can have asked CloudTrail, so only the sweep may conclude that it does not answer.
  return !(trigger === "sweep" && awaitsConfirmation(newest) && isNearDestruction(newest, now));
}

function allowed(newest: Case, deletePendingAt: number, by: "rule" | "approval" | "permit", { now }: Situation): Step {
  if (!newest.allowed) return { do: "record", body: { kind: "deletion-allowed", by } };
  return leftAlone(deletePendingAt, now, awaitsConfirmation(newest) ? restFor : verifyEvery);
}

function leftAlone(deletePendingAt: number, now: number, every: number): Step {
  // The service may be up to 24 h late with the destruction itself.
  return { do: "wait", until: now >= deletePendingAt ? now + restFor : Math.min(deletePendingAt, now + every) };
}

function restoreNow({ lateRestore }: Case, deletePendingAt: number, { now }: Situation): Step {
  const late = now >= deletePendingAt;
  // The service may be up to 24 h late with the destruction itself: one attempt more, and no storm of them.
  return late && lateRestore === "failed" ? { do: "wait", until: now + restFor } : { do: "restore", late };
}

/** People decide; the key is still pending. INVARIANT: whoever keeps it comes first, and silence restores it. */
function asked(newest: Case, deletePendingAt: number, approval: Approval, situation: Situation): Step {
  const { question, kept, permitUsed, restore } = newest;
  if (kept || restore !== "none") return restoreNow(newest, deletePendingAt, situation);
  if (permitUsed !== undefined) return allowed(newest, deletePendingAt, "permit", situation);
  switch (question?.state) {
    case "granted":
      return allowed(newest, deletePendingAt, "approval", situation);
    case "open":
      return openQuestion(newest, question, situation);
    case "refused":
    case "expired":
      return restoreNow(newest, deletePendingAt, situation);
    case undefined:
      return notAskedYet(newest, deletePendingAt, approval, situation);
  }
}

function notAskedYet(newest: Case, deletePendingAt: number, approval: Approval, situation: Situation): Step {
  const { permits: known, directory, now } = situation;
  if (known === undefined) return { do: "read-permits" };
  const usable = known.find((permit) => permits(permit, newest, directory));
  if (usable !== undefined) return { do: "use-permit", permit: usable.permit.generation };
  const requesterMatters = newest.requests.length === 0 && known.some((permit) => isLive(permit, now, restFor));
  if (requesterMatters && !isPastWaiting(newest, now)) return { do: "await-requester" };
  // People need time that the service does not take from them, and the restore needs some too.
  const deadline = Math.min(now + approval.withinMs, deletePendingAt - safetyMargin);
  const mayWait = approval.meanwhile === "pending" && deadline > now;
  return mayWait ? { do: "ask", deadline } : restoreNow(newest, deletePendingAt, situation);
}
