import type { Change } from "../chronicle.ts";
import { minute } from "../plan.ts";
import { meaningOfChange } from "../policies.ts";
import { isAlone, isQuiet, mayBeUndone, othersOf, subjectOf, undoneAt, undoneMs } from "./judged-change.ts";
import { isSurelyPermitted, mayBePermitted } from "./permitted-change.ts";
import type { Evidence, Promised } from "./promise.ts";

/** A call of the stack follows its last look at the alias within this time (ms). */
const raceMs = 2 * minute;

/** What the policy or a permit allows is never fought: an alias is pointed back only behind someone who may not point it elsewhere. */
export const rotationStays: Promised = (evidence) =>
  evidence.chronicle.aliasEffects.flatMap(({ alias, at }) => {
    const own = evidence.chronicle.changes.filter((each) => each.alias === alias && each.at <= at);
    const isCause = (each: Change) =>
      (mayBeUndone(evidence, each, at) || mayPointAtUnusable(evidence, each)) && !isSurelyPermitted(evidence, each);
    const last = own.findLast((each) => each.at <= at - raceMs);
    const isOwn = (last !== undefined && isCause(last)) || own.some((each) => each.at > at - raceMs && isCause(each));
    return isOwn ? [] : [`FOUGHT: the stack pointed ${alias} back behind an allowed change`];
  });

/** A key that was stopped or deleted may do no work: the policy lets nobody point an alias there. */
function mayPointAtUnusable({ chronicle, keys }: Evidence, { key, to, at }: Change): boolean {
  const ends = [...chronicle.stopsOf(key), ...chronicle.deletionsOf(key)];
  return to !== undefined && to === keys[key]?.KeyArn && ends.some((each) => each.at <= at + raceMs);
}

/** A change that enough people permitted beforehand is never undone. */
export const permittedStays: Promised = (evidence) =>
  evidence.chronicle.changes.flatMap((change) => {
    const others = othersOf(evidence, change);
    if (others.some((each) => each.at <= change.at && each.at > change.at - undoneMs)) return [];
    const next = Math.min(evidence.end, ...others.filter((each) => each.at > change.at).map(({ at }) => at));
    const isDeleted = evidence.chronicle.deletionsOf(change.key).length > 0;
    if ((change.alias === undefined && isDeleted) || undoneAt(evidence, change, next) === undefined) return [];
    return isSurelyPermitted(evidence, change)
      ? [`REVERTED: ${change.by} had a permit to change ${subjectOf(evidence, change)}, and it was undone`]
      : [];
  });

/** Where nothing fails, a change that neither policy nor people allow is undone, and a permit lets one change pass. */
export const unpermittedIsUndone: Promised = (evidence) => {
  if (!isQuiet(evidence)) return [];
  return evidence.chronicle.changes.flatMap((change) => {
    const { key, at, by, did } = change;
    if (!mayBeUndone(evidence, change, at) || !isAlone(evidence, change) || mayBePermitted(evidence, change)) return [];
    if (undoneAt(evidence, change, at + undoneMs) !== undefined) return [];
    return did === "stop"
      ? [`STOPPED: key ${key} was stopped by ${by}, and not started again`]
      : [`STANDS: ${by} changed ${subjectOf(evidence, change)}, and nobody undid it`];
  });
};

/** Whether every policy in force around a change has people notified of it. */
export function isReported({ chronicle, end }: Evidence, { did, by, at }: Change): boolean {
  return chronicle
    .policiesIn(at, end)
    .every(({ policy }) => ["ask", "revert", "notify"].includes(meaningOfChange(policy, did, by)));
}
