import { decidedChanges, plannedChanges, startRequests } from "./generate-decisions.ts";
import { type Act, type ChangeOfKey, hour, type KeyKind } from "./plan.ts";
import type { Random } from "./random.ts";

const changes: readonly ChangeOfKey[] = ["stop", "rotate", "misroute"];

/** Changes of keys and aliases other than deletions, in some plans: a stream of its own, so that the other acts of a seed stay as they are. */
export function changesBy(random: Random, keys: readonly KeyKind[]): Act[] {
  return [
    ...(random.chance(0.3) ? undecided(random, keys) : []),
    ...(random.chance(0.35) ? decidedChanges(random, keys) : []),
    ...(random.chance(0.2) ? plannedChanges(random, keys) : []),
    ...(random.chance(0.3) ? startRequests(random, keys) : []),
  ];
}

function undecided(random: Random, keys: readonly KeyKind[]): Act[] {
  return Array.from({ length: 1 + random.upTo(5) }, () => {
    const at = hour / 2 + random.upTo(24 * hour);
    return { at, do: "change", key: random.upTo(Math.min(keys.length, 4)), change: random.one(changes) };
  });
}
