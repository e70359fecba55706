import type { Deletion } from "../chronicle.ts";
import { type Act, type FaultWindow, isOpen, minute } from "../plan.ts";
import { isAllowed, pausedUntil } from "./consent.ts";
import { dispensable, type Evidence, type Promised } from "./promise.ts";

/** How long (ms) CloudTrail's history may take to contradict a forged record. */
const historyMs = 75 * minute;

/** A deletion that must not stand is undone within two sweeps, whatever fails that a restore does not need. */
export const withinTwoSweeps: Promised = (evidence) => {
  const { chronicle, plan } = evidence;
  const isSkewed = plan.skewsMs.some((skew) => skew !== 0) || plan.noise.rate > 0;
  if (isSkewed) return [];
  return chronicle.deletions.flatMap((deletion) => {
    const { key, at } = deletion;
    const patienceMs = ["forged", "framed", "replaced"].includes(deletion.event) ? historyMs : 0;
    const limit = at + 2 * plan.sweepEveryMs + 40 * minute + patienceMs + chronicle.deletions.length * 1_500;
    if (limit > evidence.end || !isDue(evidence, deletion, limit)) return [];
    const state = chronicle.sightings.findLast((each) => each.key === key && each.at <= limit)?.state;
    const again = chronicle.deletionsOf(key).some((each) => each.at > at && each.at <= limit);
    return state === "DELETE_PENDING" && !again
      ? [`LATE: key ${key} (${plan.keys[key]}) waited for more than two sweeps`]
      : [];
  });
};

/** How long (ms) a crash may bear on what comes after it: a claim outlasts the run that died, and a message comes back. */
const crashMs = 10 * minute;

/** Whether the policy wants the key back at once, and nothing that a restore needs fails meanwhile. */
function isDue(evidence: Evidence, deletion: Deletion, limit: number): boolean {
  const { chronicle, plan, beginning } = evidence;
  const { at, key, event } = deletion;
  // The record of the call before it speaks for a call without one, until CloudTrail is asked again a day before the end.
  const isCovered = chronicle.deletionsOf(key).some((each) => each.at < at && each.at > at - historyMs);
  if (isCovered && event !== "on-time") return false;
  if (pausedUntil(evidence, limit) > at || plan.acts.some((act) => mayCost(act, at - beginning, limit - beginning)))
    return false;
  const isSteady = chronicle.policiesIn(at, limit).length === 1 && chronicle.modeAt(at).mode === "enforce";
  if (!isSteady || isAllowed(evidence, deletion, limit)) return false;
  const during = plan.faults.filter((window) => overlaps(window, at - beginning - 5 * minute, limit - beginning));
  if (!during.every((window) => mayFail(window, deletion))) return false;
  // People are asked about it while it is pending, where a question can be recorded.
  return (
    chronicle.kinds[key] !== "derivation" || during.some((window) => recordsNothing(window, deletion, evidence, limit))
  );
}

/** A crash within that time may cost a sweep. */
function mayCost(act: Act, from: number, to: number): boolean {
  return act.do === "crash" && act.at >= from - crashMs && act.at <= to;
}

function mayFail(window: FaultWindow, deletion: Deletion): boolean {
  const isLabels = window.port === "control-plane" && /^List(Tags|Aliases)/.test(window.operation ?? "");
  return window.fate === "slow" || dispensable.includes(window.port) || isLabels || isStoreDown(window, deletion);
}

/** With an event on time the guard needs no store: it fails open. */
function isStoreDown({ port, share, function: name, fate }: FaultWindow, { event }: Deletion): boolean {
  return port === "store" && share === 1 && name === undefined && event === "on-time" && fate === "refused";
}

function recordsNothing(window: FaultWindow, deletion: Deletion, { beginning }: Evidence, limit: number): boolean {
  const isWhole = isOpen(window, deletion.at - beginning - minute) && isOpen(window, limit - beginning);
  return isStoreDown(window, deletion) && isWhole && window.calls !== "read";
}

function overlaps({ from, forMs }: FaultWindow, begin: number, end: number): boolean {
  return from <= end && (forMs === null || from + forMs >= begin);
}
