import { hour, isPlainEvent, minute } from "../plan.ts";
import { isAllowed, pausedUntil } from "./consent.ts";
import { restoredAt } from "./left-disabled.ts";
import { type Evidence, isFaultless, type Promised } from "./promise.ts";
import { reachableMs } from "./reachable.ts";

/** A key that was in use is in use again, or people were alarmed that it is not; unless it was stopped on purpose. */
export const usableAgain: Promised = (evidence) => {
  const { chronicle, keys, plan, end } = evidence;
  return keys.flatMap(({ KeyState, Enabled }, key) => {
    const last = chronicle.deletionsOf(key).at(-1);
    if (last === undefined || chronicle.modeAt(end).mode === "observe") return [];
    const stopped = chronicle.manual.some((each) => each.key === key && each.did === "stop-usage");
    if (KeyState === "CREATE_COMPLETE" && !Enabled && !stopped && !wasRestoredByHand(evidence, key)) {
      if (mayStayDisabled(evidence, key)) return [];
      return reachableMs(evidence, last, last.at, end) > 3 * hour
        ? [`UNUSABLE: key ${key} (${plan.keys[key]}) is disabled`]
        : [];
    }
    if (KeyState !== "DELETE_PENDING" || isAllowed(evidence, last, end)) return [];
    const from = Math.max(last.at, chronicle.modeAt(end).since, pausedUntil(evidence, end));
    return reachableMs(evidence, last, from, end) > 26 * hour
      ? [`PENDING: key ${key} (${plan.keys[key]}) is still pending`]
      : [];
  });
};

/** What rings when a key may need a person: without a record nobody counts whether it is usable. */
const alarms = ["KeysLeftDisabled", "KeysRestoredUnrecorded"];

/** Whether there may be no evidence that a key was in use, and people were alarmed after its restore. */
function mayStayDisabled(evidence: Evidence, key: number): boolean {
  const { chronicle, counted } = evidence;
  const deletions = chronicle.deletionsOf(key);
  const isPlain = deletions.length === 1 && deletions.every(({ event }) => isPlainEvent(event));
  if (isPlain && isFaultless(evidence) && chronicle.policies.length === 1) return false;
  const at = restoredAt(evidence, key) ?? 0;
  return counted.some(({ name, at: countedAt }) => alarms.includes(name) && countedAt >= at - minute);
}

/** A deliberate stop is not undone. */
export const stopStays: Promised = ({ chronicle, plan }) =>
  chronicle.effects.flatMap(({ key, at, operation }) => {
    const stop = chronicle.manual.findLast((each) => each.key === key && each.did === "stop-usage" && each.at < at);
    if (operation !== "StartKeyUsage" || stop === undefined) return [];
    const before = chronicle.deletionsOf(key).findLast((each) => each.at < stop.at);
    // A stop of a key that was restored but not started yet changes nothing that GetKey shows.
    const wasEnabled =
      before === undefined ||
      plan.deletionDisablesKey === false ||
      chronicle.effects.some(
        (each) => each.key === key && each.operation === "StartKeyUsage" && each.at > before.at && each.at < stop.at,
      );
    return wasEnabled ? [`STARTED: key ${key} was started although it had been stopped on purpose`] : [];
  });

function wasRestoredByHand({ chronicle }: Evidence, key: number): boolean {
  return chronicle.manual.some((each) => each.key === key && each.did === "restore");
}
