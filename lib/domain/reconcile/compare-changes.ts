import { hourOfChange } from "../ledger/change-name.ts";
import { operationOf } from "../operations/registry.ts";
import { type CountedCall, isChange, timeOfCall } from "./calls.ts";
import type { Compared } from "./compared.ts";
import { type Matching, matchCalls, reportUnnamed } from "./match-calls.ts";
import type { Population } from "./result.ts";
import type { Claim } from "./trail-claims.ts";

/** Compares the other guarded calls with the chains of changes; undefined where the trail has none of those. */
export function compareChanges(compared: Compared): Population | undefined {
  const { trail, calls } = compared;
  if (trail.changeChains.size === 0) return undefined;
  const crowded = new Set(
    [...trail.changeChains.values()]
      .filter(({ isCrowded }) => isCrowded)
      .map(({ name }) => `${name.operation} ${name.hour}`),
  );
  const matching: Matching = {
    claims: trail.changes,
    calls: byOthers(compared, calls.calls(isChange)),
    isSameKey: isSameSubject,
    excuse: (call) => {
      const hour = `${operationOf(call.name)?.name} ${hourOfChange(timeOfCall(call))}`;
      return crowded.has(hour) ? "more changes followed within the hour than were recorded one by one" : undefined;
    },
  };
  const population = matchCalls(compared, matching);
  reportUnnamed(compared, matching, isChange);
  return population;
}

/** What the stack does itself is no change to record: it is compared as an act. */
function* byOthers({ isOwnRole }: Compared, calls: Iterable<CountedCall>): Iterable<CountedCall> {
  for (const call of calls) if (!call.versions.some(({ roleArn }) => isOwnRole(roleArn))) yield call;
}

/** An alias is named by itself: the key that it points to is another one before and after. What names nothing comparable is not compared. */
function isSameSubject({ versions }: CountedCall, claim: Claim): boolean {
  return versions.some(({ keyArn, alias }) => {
    if (claim.alias !== undefined) return alias === undefined || alias === claim.alias;
    return keyArn === undefined || claim.keyArns.length === 0 || claim.keyArns.includes(keyArn);
  });
}
