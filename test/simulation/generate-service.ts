import type { Draw } from "./draw.ts";
import { type Act, hour, minute, type Plan } from "./plan.ts";
import type { Random } from "./random.ts";

/** The service's own limit, for all callers together. */
const serviceCallsPerSecond = 5;

/** What the service and EventBridge's archive add to the acts of a plan, in the order of their times. */
export function serviceBy(
  random: Random,
  { keys }: Draw,
  acts: readonly Act[],
): Pick<Plan, "acts" | "deletionDisablesKey"> {
  const added: Act[] = [];
  if (random.chance(0.3)) added.push({ at: 0, do: "limit", callsPerSecond: serviceCallsPerSecond });
  for (let n = random.chance(0.25) ? 1 + random.upTo(3) : 0; n > 0; n--)
    added.push({ at: minute + random.upTo(24 * hour), do: "replay", key: random.upTo(keys.length) });
  const deletionDisablesKey = random.chance(0.7);
  if (random.chance(0.05)) added.push(...flood(random, acts));
  return { acts: [...acts, ...added].toSorted((a, b) => a.at - b.at), deletionDisablesKey };
}

/** Who deletes a key fills CloudTrail's history with calls on it that fail, before the deletion or after it. */
function flood(random: Random, acts: readonly Act[]): Act[] {
  const deletions = acts.filter((act) => act.do === "delete");
  if (deletions.length === 0) return [];
  const { at, key, by } = random.one(deletions);
  const began = Math.max(0, at + random.one([-20, 1, 60]) * minute);
  return [{ at: began, do: "delete-in-vain", key, count: random.one([60, 600, 3_000]), by }];
}
