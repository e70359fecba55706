import { changeNameText, hourOfChange } from "../ledger/change-name.ts";
import { operationOf } from "../operations/registry.ts";
import { subjectFrom } from "../operations/subject.ts";
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
    [...trail.changeChains.values()].filter(({ isCrowded }) => isCrowded).map(({ name }) => changeNameText(name)),
  );
  const matching: Matching = {
    claims: trail.changes,
    calls: byOthers(compared, calls.calls(isChange)),
    isSameKey: isSameSubject,
    excuse: (call) => {
      const names = crowded.size === 0 ? [] : chainsOf(call);
      return names.some((name) => crowded.has(name))
        ? "more changes followed within the hour than were recorded one by one"
        : undefined;
    },
  };
  const population = matchCalls(compared, matching);
  reportUnnamed(compared, matching, isChange);
  return population;
}

/** Returns the names of the chains on which a call may lie: a crowd of one subject says nothing of another. */
function chainsOf(call: CountedCall): readonly string[] {
  const operation = operationOf(call.name)?.name ?? "";
  const hour = hourOfChange(timeOfCall(call));
  const named = call.versions.flatMap(({ keyArn, alias }) => [keyArn, alias]).filter((text) => text !== undefined);
  return (named.length === 0 ? ["account"] : named).flatMap((text) => {
    const subject = subjectFrom(text);
    return subject === undefined ? [] : [changeNameText({ operation, subject, hour })];
  });
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
