import { hour } from "../plan.ts";
import { leavesDisabled } from "../policies.ts";
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
    const kind = chronicle.kinds[key] ?? "card";
    if (!Enabled && chronicle.policiesIn(last.at, end).some(({ policy }) => leavesDisabled(policy, kind))) return [];
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

function wasRestoredByHand({ chronicle }: Evidence, key: number): boolean {
  return chronicle.manual.some((each) => each.key === key && each.did === "restore");
}
