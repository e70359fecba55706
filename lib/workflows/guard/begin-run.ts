import { isKnownCall } from "../../domain/case/known-calls.ts";
import type { DeletionRequest } from "../../domain/deletion/request.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { KeyObservation } from "../../domain/key/payment-key.ts";
import { restMs } from "../../domain/plan/situation.ts";
import type { KeyHistory } from "../ports/guard.ts";
import { CaseFile } from "./case-file.ts";
import { isFresh } from "./fresh.ts";
import { policyFor } from "./pause-in-force.ts";
import type { Guard, Run, Trigger } from "./run.ts";

/** Returns a run over what was read of the key just now. */
export function beginRun(
  guard: Guard,
  trigger: Trigger,
  arn: KeyArn,
  observation: KeyObservation,
  history: KeyHistory,
): Run {
  const owner = guard.newRunId();
  const file = history.newest && CaseFile.resume(history.newest, owner);
  const request = trigger.source === "event" ? trigger.request : undefined;
  const known = request === undefined || (file !== undefined && knows(file, request));
  const policy = policyFor(guard, file?.state);
  const retried = trigger.deliveries > 1 && request !== undefined && isFresh(request, guard.clock());
  return {
    guard,
    trigger: trigger.source,
    asked: trigger.source === "sweep" && trigger.asked,
    listed: trigger.source === "sweep" && trigger.listed,
    owner,
    arn,
    deliveries: trigger.deliveries,
    earlier: history.previous ? [CaseFile.resume(history.previous, owner)] : [],
    unrecordedAttempt:
      guard.unrecorded.has(arn, guard.clock()) ||
      (retried && !known && (policy.mode === "enforce" || policy.pausedBy !== undefined)),
    observation,
    history,
    newRequest: known ? undefined : request,
    files: file === undefined ? [] : [file],
    dueAt: guard.clock() + restMs,
    restoredHere: false,
    withoutRecord: false,
  };
}

/** Returns whether a case of the key, the newest or an earlier one, knows `request`. */
export function knows(
  { state, earlier }: Pick<CaseFile, "state" | "earlier">,
  request: Pick<DeletionRequest, "eventId" | "at">,
): boolean {
  return state.eventIds.has(request.eventId) || (earlier !== undefined && isKnownCall(earlier, request));
}
