import type { Deletion } from "../chronicle.ts";
import { hour, minute } from "../plan.ts";
import { pausedUntil, peopleAllow, policyAllows } from "./consent.ts";
import { type Evidence, isFaultless, type Promised, reachableMs } from "./promise.ts";

/** A key that was in use is in use again, or people were alarmed that it is not; unless it was stopped on purpose. */
export const usableAgain: Promised = (evidence) => {
  const { chronicle, keys, plan, counted, end } = evidence;
  const wasAlarmed = counted.some(({ name }) => name === "KeysLeftDisabled");
  return keys.flatMap(({ KeyState, Enabled }, key) => {
    const last = chronicle.deletionsOf(key).at(-1);
    if (last === undefined || chronicle.modeAt(end).mode === "observe") return [];
    const stopped = chronicle.manual.some((each) => each.key === key && each.did === "stop-usage");
    if (KeyState === "CREATE_COMPLETE" && !Enabled && !stopped && !wasRestoredByHand(evidence, key) && !wasAlarmed)
      return reachableMs(evidence, last.at, end) > 3 * hour
        ? [`UNUSABLE: key ${key} (${plan.keys[key]}) is disabled`]
        : [];
    if (KeyState !== "DELETE_PENDING" || isAllowed(evidence, last, end)) return [];
    const from = Math.max(last.at, chronicle.modeAt(end).since, pausedUntil(evidence, end));
    return reachableMs(evidence, from, end) > 26 * hour
      ? [`PENDING: key ${key} (${plan.keys[key]}) is still pending`]
      : [];
  });
};

/** A deliberate stop is not undone. */
export const stopStays: Promised = ({ chronicle }) =>
  chronicle.effects.flatMap(({ key, at, operation }) => {
    const stop = chronicle.manual.findLast((each) => each.key === key && each.did === "stop-usage" && each.at < at);
    if (operation !== "StartKeyUsage" || stop === undefined) return [];
    // A stop of a key that was restored but not started yet says nothing that the guard could see.
    const before = chronicle.deletionsOf(key).findLast((each) => each.at < stop.at);
    const settled = before === undefined || stop.at - before.at > hour;
    return settled ? [`STARTED: key ${key} was started although it had been stopped on purpose`] : [];
  });

/** A deletion that must not stand is undone within two sweeps, where nothing fails. */
export const withinTwoSweeps: Promised = (evidence) => {
  const { chronicle, plan } = evidence;
  if (!isFaultless(evidence) || plan.acts.some((act) => act.do === "crash" || act.do === "pause")) return [];
  return chronicle.deletions.flatMap((deletion) => {
    const { key, at } = deletion;
    const limit = at + 2 * plan.sweepEveryMs + 40 * minute + chronicle.deletions.length * 1_500;
    const isSteady = chronicle.policiesIn(at, limit).length === 1 && chronicle.modeAt(at).mode === "enforce";
    if (!isSteady || chronicle.kinds[key] === "derivation" || isAllowed(evidence, deletion, limit)) return [];
    if (limit > evidence.end) return [];
    const { sightings } = chronicle;
    const state = sightings.findLast((each) => each.key === key && each.at <= limit)?.state;
    const again = chronicle.deletionsOf(key).some((each) => each.at > at && each.at <= limit);
    return state === "DELETE_PENDING" && !again
      ? [`LATE: key ${key} (${plan.keys[key]}) waited for more than two sweeps`]
      : [];
  });
};

function isAllowed(evidence: Evidence, deletion: Deletion, until: number): boolean {
  return policyAllows(evidence, deletion, until) || peopleAllow(evidence, deletion, until);
}

function wasRestoredByHand({ chronicle }: Evidence, key: number): boolean {
  return chronicle.manual.some((each) => each.key === key && each.did === "restore");
}
