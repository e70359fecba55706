import { hour, minute } from "../plan.ts";
import { isAllowed, pausedUntil } from "./consent.ts";
import { mayStayDisabled } from "./may-stay-disabled.ts";
import type { Evidence, Promised } from "./promise.ts";
import { isUnread, reachableMs } from "./reachable.ts";

/** A key that was in use is in use again, or people were alarmed that it is not; unless it was stopped on purpose. */
export const usableAgain: Promised = (evidence) => {
  const { chronicle, keys, plan, end } = evidence;
  return keys.flatMap(({ KeyState, Enabled }, key) => {
    const last = chronicle.deletionsOf(key).at(-1);
    if (last === undefined || chronicle.modeAt(end).mode === "observe") return [];
    const stopped =
      chronicle.manual.some((each) => each.key === key && each.did === "stop-usage") ||
      chronicle.changes.some((each) => each.key === key && each.did === "stop");
    if (KeyState === "CREATE_COMPLETE" && !Enabled && !stopped && !wasRestoredByHand(evidence, key)) {
      if (mayStayDisabled(evidence, key) || isUnread(evidence, "control-plane", last.at, end)) return [];
      return reachableMs(evidence, last, last.at, end) > 3 * hour
        ? [`UNUSABLE: key ${key} (${plan.keys[key]}) is disabled`]
        : [];
    }
    if (KeyState !== "DELETE_PENDING" || isAllowed(evidence, last, end)) return [];
    // Without its records a key that people were asked about waits until 48 h before its destruction.
    if (isUnread(evidence, "store", end - 12 * hour, end)) return [];
    const from = Math.max(last.at, chronicle.modeAt(end).since, pausedUntil(evidence, end));
    return reachableMs(evidence, last, from, end) > 26 * hour
      ? [`PENDING: key ${key} (${plan.keys[key]}) is still pending`]
      : [];
  });
};

/** A deliberate stop is not undone. */
export const stopStays: Promised = ({ chronicle, plan }) =>
  chronicle.effects.flatMap(({ key, at, operation }) => {
    const stop = chronicle.manual.findLast((each) => each.key === key && each.did === "stop-usage" && each.at < at);
    if (operation !== "StartKeyUsage" || stop === undefined) return [];
    // A stop within a minute of the deletion counts as the deletion's own: the times of two records are not compared more closely (ADR 0006).
    const isOfDeletion = chronicle.deletionsOf(key).some((each) => each.at >= stop.at && each.at <= stop.at + minute);
    if (isOfDeletion) return [];
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
