import { hour, isPlainEvent, minute } from "../plan.ts";
import { isLeftDisabled, restoredAt } from "./left-disabled.ts";
import { dispensable, type Evidence, isFaultless } from "./promise.ts";

/** What rings when a key may need a person: without a record nobody counts whether it is usable. */
const alarms = ["KeysLeftDisabled", "KeysRestoredUnrecorded"];

/** How long (ms) the record of a deletion may take: its event, or CloudTrail's history, and two sweeps. */
const recordMs = 4 * hour;

/** Whether there may be no evidence that a key was in use, and people were alarmed after its restore, once for each such key. */
export function mayStayDisabled(evidence: Evidence, key: number): boolean {
  if (hasEvidence(evidence, key)) return false;
  const { counted, keys } = evidence;
  const at = restoredAt(evidence, key) ?? 0;
  const since = counted.filter(({ name, at: countedAt }) => alarms.includes(name) && countedAt >= at - minute);
  const rung = since.reduce((sum, { value }) => sum + value, 0);
  const left = keys.filter((each, n) => isLeftDisabled(each) && lastRestoredByStackAt(evidence, n) >= at).length;
  return rung >= Math.max(1, left);
}

/** When (ms) the stack restored a key that nobody restored by hand since; otherwise -1. */
function lastRestoredByStackAt(evidence: Evidence, key: number): number {
  const at = restoredAt(evidence, key) ?? -1;
  const byHand = evidence.chronicle.manual.some((each) => each.key === key && each.did === "restore" && each.at > at);
  return byHand ? -1 : at;
}

/**
 * Whether a record that nothing keeps from us shows that the key was in use: each deletion before the last one has a record of its own
 * that came in time, so that none of them is taken for the last.
 */
function hasEvidence(evidence: Evidence, key: number): boolean {
  const { chronicle, plan, end } = evidence;
  const deletions = chronicle.deletionsOf(key);
  const last = deletions.at(-1);
  if (last === undefined) return false;
  if (deletions.length === 1 && isPlainEvent(last.event) && isFaultless(evidence) && chronicle.policies.length === 1)
    return true;
  const isSkewed = plan.skewsMs.some((skew) => skew !== 0) || plan.noise.rate > 0;
  if (isSkewed || plan.acts.some((act) => act.do === "limit") || last.at > end - recordMs) return false;
  const isFound = plan.faults.every(({ port, fate }) => {
    if (port === "history" && !isPlainEvent(last.event)) return false;
    return fate === "slow" || dispensable.includes(port);
  });
  const isTold = deletions.every((each) => each.wasEnabled && (each === last || isPlainEvent(each.event)));
  return isFound && isTold;
}
