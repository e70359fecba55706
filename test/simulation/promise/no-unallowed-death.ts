import { hour } from "../plan.ts";
import { pausedUntil, peopleAllow, policyAllows } from "./consent.ts";
import { type Promised, reachableMs } from "./promise.ts";

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
    if (policyAllows(evidence, deletion, at) || peopleAllow(evidence, deletion, at)) return [];
    const { mode, since } = chronicle.modeAt(at);
    if (mode === "observe") {
      const asked = chronicle.asked.some((each) => each.key === key && each.at >= deletion.at && each.at <= at);
      return asked ? [`ASKED: key ${key} was destroyed although people were asked and did not approve`] : [];
    }
    const from = Math.max(deletion.at, since, pausedUntil(evidence, at), at - lastMomentMs);
    if (reachableMs(evidence, from, at) < enoughMs) return [];
    return [`DEATH: key ${key} (${plan.keys[key]}) was destroyed, allowed by nobody`];
  });
