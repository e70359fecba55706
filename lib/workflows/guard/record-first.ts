import type { KeyObservation } from "../../domain/key/payment-key.ts";
import { recordRequest } from "./advance.ts";
import { beginRun } from "./begin-run.ts";
import type { Guard, Trigger } from "./run.ts";
import { storeFiles } from "./store-files.ts";

/**
 * From this delivery on, the record of a deletion is stored before its key is looked at. A look that fails is on record since the first delivery: a message
 * that comes so far without one had no store, or its runs died while they looked.
 */
const recordFirstFrom = 5;

/** Returns whether the record of a deletion is to be stored before its key is looked at. A key that the call names by an alias has to be looked up first. */
export function isRecordedFirst(trigger: Trigger): boolean {
  if (trigger.source !== "event" || trigger.deliveries < recordFirstFrom) return false;
  return trigger.request.target.kind === "arn";
}

/**
 * Opens the case of a deletion that has been delivered again and again and that no case knows. If this run dies too, the sweep goes on from there, and
 * people are notified. INVARIANT: it only records. Throws STORE_UNAVAILABLE, or CASE_UNREADABLE.
 */
export async function recordFirst(guard: Guard, trigger: Trigger): Promise<void> {
  if (trigger.source !== "event" || trigger.request.target.kind !== "arn") return;
  const { arn } = trigger.request.target;
  const history = await guard.cases.history(arn);
  const now = guard.clock();
  if (history.newest?.lease !== undefined && history.newest.lease.until > now) return;
  const unseen: KeyObservation = { kind: "undated", arn, why: "unavailable" };
  const run = beginRun(guard, trigger, arn, unseen, history);
  if (run.newRequest === undefined || !(await recordRequest(run))) return;
  run.dueAt = now;
  // Another run that is faster has it on record.
  if ((await storeFiles(run)) === "saved")
    guard.log("KEY_HIDDEN", { keyArn: arn, why: "unavailable", deliveries: trigger.deliveries });
}
