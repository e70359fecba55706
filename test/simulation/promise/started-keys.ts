import { hourOfChange } from "../../../lib/domain/ledger/change-name.ts";
import type { StartRequest, Stop } from "../chronicle.ts";
import { isPlainEvent, minute } from "../plan.ts";
import { leavesDisabled, meaningOfChange, startersOf } from "../policies.ts";
import { isQuiet, undoneMs } from "./judged-change.ts";
import { type Evidence, isFaultless, type Promised } from "./promise.ts";

/** So long (ms) after a deletion its record is known, and the stack needs from the event of a change to its judgement, where nothing fails. */
const [recordMs, judgedMs] = [15 * minute, 3 * minute];
/** So long (ms) after a look at the key the stack may start it. */
const raceMs = 30_000;

type Effect = Evidence["chronicle"]["effects"][number];

/** A stopped key is started where a rule wants the stop undone, or where people who may have it started requested that. */
export const stopStays: Promised = (evidence) =>
  evidence.chronicle.effects.flatMap((effect) => {
    if (effect.operation !== "StartKeyUsage") return [];
    const why = effect.undoes ? startedAgainst(evidence, effect) : startedByGuard(evidence, effect);
    return why === undefined ? [] : [`STARTED: key ${effect.key} was started although ${why}`];
  });

/** Why the start of a stopped key was wrong, or undefined. */
function startedAgainst(evidence: Evidence, effect: Effect): string | undefined {
  const { chronicle } = evidence;
  const { key, at } = effect;
  const kind = chronicle.kinds[key] ?? "card";
  const stops = stopsSinceStart(evidence, effect);
  const isHidden = hiddenBehind(
    stops.filter((stop) => stop.isIdle && isUndoable(evidence, stop, at)),
    at,
  );
  const isUndoing = stops.some((stop) => (!stop.isIdle && isUndoable(evidence, stop, at)) || isHidden(stop));
  const deliberate = stops.filter(
    (stop) => !isUndoable(evidence, stop, at) && isKnown(evidence, stop, at) && !isHidden(stop),
  );
  if (isUndoing && deliberate.length === 0) return undefined;
  const first = stops.find((stop) => !stop.isIdle)?.at ?? 0;
  const requests = chronicle.starts.filter(
    (each) => each.key === key && each.kind === "stop" && each.heard !== "refused" && each.at < at && each.at > first,
  );
  if (requests.length === 0) return "it had been stopped on purpose";
  const isDeleted = chronicle
    .deletionsOf(key)
    .some((each) => isFaultless(evidence) && isPlainEvent(each.event) && each.at > first && each.at + recordMs < at);
  if (isDeleted) return "its deletion was scheduled since it was stopped";
  const policies = chronicle.policiesIn(at - raceMs, at);
  const people = policies.flatMap(({ policy }) => startersOf(policy, kind));
  const known = stops.filter((stop) => isKnown(evidence, stop, at));
  if (!requests.some((request) => people.includes(request.by) && mayStart(request, deliberate, known)))
    return "nobody who may have it started wanted that";
  if (policies.every(({ policy }) => leavesDisabled(policy, kind))) return "the policy leaves it disabled";
  return undefined;
}

/**
 * GetKey shows that a key is stopped, not by whom: a stop whose record is not there yet looks like a later one of which the stack knows, and which is to be
 * undone. The stack learns of the mistake by the record, and rings (`overtaken`).
 */
function hiddenBehind(undoable: readonly Stop[], at: number): (stop: Stop) => boolean {
  return (stop) =>
    !stop.isIdle && stop.heardAt + judgedMs >= at && undoable.some((each) => each.at >= stop.at && each.heardAt < at);
}

/** Whether someone may have a key started: after each of the stops that stand, which were there before, and none of a later hour. */
function mayStart({ by, at, hour }: StartRequest, standing: readonly Stop[], known: readonly Stop[]): boolean {
  const isOfLast = hour === undefined || known.every((stop) => hourOfChange(stop.at) <= hour);
  return isOfLast && standing.every((stop) => stop.by !== by && stop.at < at);
}

/** The stops by people since the key was last started. */
function stopsSinceStart({ chronicle }: Evidence, { key, at }: Effect): readonly Stop[] {
  const before = chronicle.effects.findLast(
    (each) => each.key === key && each.operation === "StartKeyUsage" && each.at < at,
  );
  return chronicle.stopsOf(key).filter((stop) => stop.at < at && stop.at > (before?.at ?? 0));
}

function isUndoable({ chronicle }: Evidence, { by, at }: Stop, until: number): boolean {
  return chronicle
    .policiesIn(at, until)
    .some(({ policy }) => ["ask", "revert"].includes(meaningOfChange(policy, "stop", by)));
}

/** Whether the stack could know of a stop at `at`: GetKey shows one that changed something at once, and its record reports the others. */
function isKnown(evidence: Evidence, stop: Stop, at: number): boolean {
  return stop.isIdle ? isFaultless(evidence) && stop.heardAt + judgedMs < at : stop.at + raceMs < at;
}

/** Why the guard was wrong to start a key after its restore, or undefined. */
function startedByGuard(evidence: Evidence, effect: Effect): string | undefined {
  const { chronicle, plan } = evidence;
  const { key, at } = effect;
  const stop = stopsSinceStart(evidence, effect).findLast((each) => chronicle.manual.some((own) => own.at === each.at));
  if (stop === undefined) return undefined;
  if (
    chronicle.starts.some(
      (each) => each.key === key && each.kind === "case" && each.heard !== "refused" && each.at < at,
    )
  )
    return undefined;
  // A stop within a minute of the deletion counts as the deletion's own: the times of two records are not compared more closely (ADR 0006).
  if (chronicle.deletionsOf(key).some((each) => each.at >= stop.at && each.at <= stop.at + minute)) return undefined;
  const before = chronicle.deletionsOf(key).findLast((each) => each.at < stop.at);
  // A stop of a key that was restored but not started yet changes nothing that GetKey shows.
  const wasEnabled =
    before === undefined ||
    plan.deletionDisablesKey === false ||
    chronicle.effects.some(
      (each) => each.key === key && each.operation === "StartKeyUsage" && each.at > before.at && each.at < stop.at,
    );
  return wasEnabled ? "it had been stopped on purpose" : undefined;
}

/** Where nothing fails, a request that counts has the key started, or people learn why not. */
export const startsAnswered: Promised = (evidence) => {
  if (!isQuiet(evidence)) return [];
  const { chronicle, notices, keys, end } = evidence;
  return chronicle.starts.flatMap(({ key, kind, heard, by, at }) => {
    const { KeyArn = "" } = keys[key] ?? {};
    if (kind === "case" || heard !== "accepted" || at > end - undoneMs || KeyArn === "") return [];
    // A repeated request is answered so although the key was started on the first.
    const stoppedAt = chronicle.stopsOf(key).findLast((stop) => stop.at < at)?.at ?? at;
    const isStarted = chronicle.effects.some(
      (each) =>
        each.key === key && each.operation === "StartKeyUsage" && each.at > stoppedAt && each.at <= at + undoneMs,
    );
    const isTold = notices.some(
      (each) => each.at > at && each.at <= at + undoneMs && /STARTED ON REQUEST|started on request/.test(each.text),
    );
    return isStarted || isTold ? [] : [`UNSTARTED: ${by} requested the start of key ${key}, without a result`];
  });
};
