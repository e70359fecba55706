import { type Act, hour, minute, type Plan } from "./plan.ts";

/** What the service takes of all callers together. */
const serviceCallsPerSecond = 5;

/** When the keys of a plan are deleted, all at once (ms after the beginning): right before a sweep. */
export const deletedAtMs = 10 * minute - 1_000;

const calm: Omit<Plan, "keys" | "acts" | "endsAfterMs"> = {
  ...{ seed: 1, mode: "enforce", policy: "base", hostile: false, faults: [], noise: { rate: 0, fates: [] } },
  ...{ sweepEveryMs: 5 * minute, skewsMs: [0], indexLagMs: 20, historyLagMs: 0, deletionDisablesKey: false },
};

/** Returns the plan in which `count` keys are deleted at once and every event arrives at once; the sweep runs, or it does not. */
export function stormPlan(count: number, sweep: boolean): Plan {
  const endsAfterMs = deletedAtMs + count * 1_000 + hour;
  const sweepEveryMs = sweep ? calm.sweepEveryMs : 2 * endsAfterMs;
  return { ...calm, sweepEveryMs, ...deletions(count, count, "at-once"), endsAfterMs };
}

/** Returns the plan in which `pending` of `count` keys are deleted at once and every event is lost, so that only the sweep finds them. */
export function lostEventsPlan(count: number, pending: number): Plan {
  return { ...calm, ...deletions(count, pending, "lost"), endsAfterMs: deletedAtMs + pending * 6_000 + hour };
}

function deletions(count: number, deleted: number, event: "at-once" | "lost"): Pick<Plan, "keys" | "acts"> {
  const deletion = (key: number): Act => {
    return { at: deletedAtMs, do: "delete", key, by: "mallory", days: 3, event };
  };
  const limit: Act = { at: deletedAtMs + 1, do: "limit", callsPerSecond: serviceCallsPerSecond };
  return {
    keys: Array.from({ length: count }, () => "card"),
    acts: [...Array.from({ length: deleted }, (_, key) => deletion(key)), limit],
  };
}
