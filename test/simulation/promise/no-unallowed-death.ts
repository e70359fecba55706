import type { Deletion } from "../chronicle.ts";
import { hour } from "../plan.ts";
import { isAllowed, pausedUntil } from "./consent.ts";
import { dispensable, type Evidence, type Promised } from "./promise.ts";
import { enforcedMs, isUnread, reachableMs } from "./reachable.ts";

/** The guard restores at the latest so long (ms) before the end. */
const lastMomentMs = 48 * hour;
/** What the guard needs (ms) of a control plane that answers. */
const enoughMs = 3 * hour;

/** A key dies only if a policy in force or enough people allowed exactly that deletion. */
export const noUnallowedDeath: Promised = (evidence) =>
  evidence.chronicle.deaths.flatMap(({ key, at }) => {
    const { chronicle, plan } = evidence;
    const deletion = chronicle.deletionsOf(key).findLast((each) => each.at < at);
    if (deletion === undefined) return [`DEATH: key ${key} was destroyed, and nobody had deleted it`];
    if (isAllowed(evidence, deletion, at)) return [];
    const { mode, since } = chronicle.modeAt(at);
    const asked = chronicle.asked.some((each) => each.key === key && each.at >= deletion.at && each.at <= at);
    // Under observe only the records say that people were asked.
    if (mode === "observe" && asked && !isUnread(evidence, "store", since, at))
      return [`ASKED: key ${key} was destroyed although people were asked and did not approve`];
    return mayHaveDied(evidence, deletion, at)
      ? []
      : [`DEATH: key ${key} (${plan.keys[key]}) was destroyed, allowed by nobody`];
  });

/** Whether nothing could restore the key: the control plane did not answer, enforcement was suspended, or it was off. */
export function mayHaveDied(evidence: Evidence, deletion: Deletion, at: number): boolean {
  const { chronicle } = evidence;
  const { mode, since } = chronicle.modeAt(at);
  if (mode === "observe") {
    const from = Math.max(deletion.at, pausedUntil(evidence, at));
    return mayHaveWaited(evidence) || enforcedMs(evidence, deletion, from, at) < enoughMs;
  }
  const from = Math.max(deletion.at, since, pausedUntil(evidence, at), at - lastMomentMs);
  return reachableMs(evidence, deletion, from, at) < enoughMs;
}

/** Whether something may have kept the guard from acting early: what no restore needs does not. */
function mayHaveWaited({ plan }: Evidence): boolean {
  const isSkewed = plan.skewsMs.some((skew) => skew !== 0) || plan.noise.rate > 0;
  return isSkewed || plan.faults.some(({ port, fate }) => !dispensable.includes(port) && fate !== "slow");
}
