import type { Case } from "../case/case.ts";
import { mayStartUsage } from "../case/usage-evidence.ts";
import type { PaymentKey } from "../key/payment-key.ts";
import type { EntryBody } from "../ledger/entry.ts";
import { openQuestion } from "./open-question.ts";
import { restMs, type Situation, type Step } from "./situation.ts";

/** After so many failures of StartKeyUsage a person is asked instead. */
export const maxUsageStarts = 8;

/** What is missing while the key lives: the record of its restore, its usage, the answer of the people. */
export function stepForLiveKey(newest: Case, key: PaymentKey, situation: Situation): Step {
  switch (newest.restore) {
    case "none":
      return liveWithoutIntent(newest, key, situation);
    case "intended":
      return { do: "record", body: restored(newest, key, "found", situation.now) };
    case "restored":
      return afterRestore(newest, key, situation);
  }
}

function liveWithoutIntent(newest: Case, key: PaymentKey, { unrecordedAttempt, noRoom, now }: Situation): Step {
  if (!unrecordedAttempt) return { do: "record", body: { kind: "restored-by-others" } };
  if (newest.undecided && !noRoom) return { do: "decide" };
  return restoresAtOnce(newest)
    ? { do: "record", body: restored(newest, key, "unrecorded", now) }
    : { do: "record", body: { kind: "restored-by-others" } };
}

/** The entry for a key seen restored; `now` is when it was seen. */
export function restored(
  state: Case,
  key: PaymentKey,
  how: "answered" | "found" | "unrecorded",
  now: number,
): EntryBody {
  const since = sinceDeletion(state, now);
  return { kind: "key-restored", enabled: key.enabled, how, ...(since !== undefined && { restoredAfterMs: since }) };
}

function sinceDeletion(state: Case, now: number): number | undefined {
  const deletedAt = state.requests.at(-1)?.at;
  return deletedAt === undefined || deletedAt > now ? undefined : now - deletedAt;
}

function afterRestore(newest: Case, key: PaymentKey, situation: Situation): Step {
  return newest.settled === undefined ? toRest(newest, key, situation) : stepAtRest(newest, situation);
}

function toRest(newest: Case, key: PaymentKey, situation: Situation): Step {
  const { mode, now, startedHere } = situation;
  const leaveDisabled = newest.decision !== undefined && usageAfter(newest) === "leave-disabled";
  if (key.enabled) {
    const timeToUsableMs = sinceDeletion(newest, now);
    const how = startedHere ? "answered" : "found";
    return {
      do: "record",
      body: {
        ...{ kind: "key-usable", how, despiteRule: leaveDisabled },
        ...(timeToUsableMs !== undefined && { timeToUsableMs }),
      },
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
  return mode === "observe" ? { do: "wait", until: now + restMs } : { do: "start-usage", ...start };
}

function usageAtDetection(state: Case, now: PaymentKey, { lastSeen }: Situation) {
  const request = state.requests.at(-1);
  // What the inventory saw of the key since shows what the deletion did to it.
  const isBefore = lastSeen !== undefined && lastSeen !== "never" && lastSeen.at < state.openedAt;
  return {
    key: state.key ?? now,
    ...(isBefore && { lastSeen }),
    ...(request !== undefined && { deletedAt: request.at }),
    ...(request?.enabledInResponse !== undefined && { enabledInResponse: request.enabledInResponse }),
  };
}

function usageAfter({ decision }: Case): "resume" | "leave-disabled" {
  return decision === undefined || decision.effect.outcome === "allow" ? "resume" : decision.effect.usage;
}

/** The key lives, and people are still to be asked, or what they said is to have its consequence. */
export function stepAtRest(newest: Case, situation: Situation): Step {
  const { decision, question } = newest;
  if (decision?.effect.outcome !== "ask" || situation.withoutRecord) return { do: "done" };
  if (question === undefined && situation.noRoom) return { do: "done" };
  if (question === undefined) return { do: "ask", deadline: situation.now + decision.effect.approval.withinMs };
  return question.state === "open" ? openQuestion(newest, question, situation) : { do: "issue-permit" };
}

/** Whether the decision is one that brings the key back before anyone is asked. */
function restoresAtOnce({ decision }: Pick<Case, "decision">): boolean {
  if (decision === undefined || decision.mode !== "enforce" || decision.effect.outcome === "allow") return false;
  return decision.effect.outcome === "restore" || decision.effect.approval.meanwhile === "restored";
}
