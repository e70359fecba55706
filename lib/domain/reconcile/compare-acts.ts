import { subjectText } from "../operations/subject.ts";
import { type CountedCall, isChange, isSuccess, restoreCall, timeOfCall } from "./calls.ts";
import { compareAnswers } from "./compare-answers.ts";
import {
  actWindowMs,
  beyondTheLog,
  type Compared,
  clockSkewMs,
  foundLaterMs,
  isWithin,
  reportMissing,
} from "./compared.ts";
import { placeOf } from "./match-calls.ts";
import type { CaseClaims, RecordedAct } from "./trail-claims.ts";

/** Compares what the stack's roles did with what the trail records of it, and lists restores by others. */
export function compareActs(compared: Compared): void {
  const cases = Map.groupBy(compared.trail.cases.values(), ({ keyArn }) => keyArn);
  compareRestores(compared, cases);
  for (const call of compared.calls.calls(isChange))
    if (isOwnAct(compared, call) && !isIntended(compared, call, casesOf(cases, call)))
      report(compared, call, `${call.name} by a role of the stack, and no entry intends it`);
  compareAnswers(compared);
  compareDestructions(compared);
}

type CasesByKey = ReadonlyMap<string, readonly CaseClaims[]>;

/** Each RestoreKey of the stack's roles has one entry that the key was restored, and each entry that RestoreKey answered has its call. */
function compareRestores(compared: Compared, cases: CasesByKey): void {
  const { calls, isOwnRole, time, differences } = compared;
  const used = new Set<RecordedAct>();
  const restores = [...calls.calls((name) => name === restoreCall)].filter(isSuccess);
  for (const call of restores.toSorted((a, b) => timeOfCall(a) - timeOfCall(b))) {
    if (call.versions.some(({ roleArn }) => isOwnRole(roleArn))) {
      const restored = restoredBy(timeOfCall(call), casesOf(cases, call), used);
      if (restored !== undefined) used.add(restored);
      else if (isOwnAct(compared, call))
        report(compared, call, "RestoreKey by a role of the stack, and no entry that the key was restored by it");
    } else if (isWithin(time, timeOfCall(call)))
      differences.add({ class: "I", says: "someone else restored the key", ...placeOf(call, undefined) });
  }
  for (const { acts, keyArn, chain } of compared.trail.cases.values())
    for (const act of acts) {
      if (act.how !== "answered" || used.has(act) || !isWithin(time, act.at)) continue;
      reportMissing(compared, { at: act.at, keyArn, chain }, "the trail records that RestoreKey answered");
    }
}

/** Returns the entry that accounts for a RestoreKey of `at` (ms): the first one that no other call accounts for. */
function restoredBy(at: number, cases: readonly CaseClaims[], used: ReadonlySet<RecordedAct>): RecordedAct | undefined {
  for (const { acts } of cases) {
    const isIntendedBefore = acts.some((act) => act.kind === "restore-intended" && act.at <= at + clockSkewMs);
    const found = acts.find((act) => {
      const longest = act.how === "answered" ? actWindowMs : foundLaterMs;
      const isInTime = act.at >= at - clockSkewMs && act.at <= at + longest;
      return (
        act.kind === "key-restored" && isInTime && !used.has(act) && (isIntendedBefore || act.how === "unrecorded")
      );
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether an entry of the key, or of a change, intended the call before it was made. */
function isIntended({ trail }: Compared, call: CountedCall, cases: readonly CaseClaims[]): boolean {
  const at = timeOfCall(call);
  const [{ keyArn, alias } = {}] = call.versions;
  const isBefore = (act: RecordedAct) => act.at <= at + clockSkewMs && act.at >= at - foundLaterMs;
  const intends = (act: RecordedAct) => isBefore(act) && (act.calls?.includes(call.name) ?? false);
  const ofCase = cases.some(({ acts }) =>
    acts.some(
      (act) => intends(act) || (call.name === "StartKeyUsage" && act.kind === "usage-start-intended" && isBefore(act)),
    ),
  );
  if (ofCase) return true;
  return [...trail.changeChains.values()].some(({ name, acts }) => {
    const subject = subjectText(name.subject);
    const isNamed = keyArn === undefined && alias === undefined;
    return (isNamed || subject === keyArn || subject === alias) && acts.some(intends);
  });
}

/** An entry that the service reported a destruction needs that report. Its name is not published, so any report that names the key counts. */
function compareDestructions(compared: Compared): void {
  const { trail, calls, time } = compared;
  const reported = Map.groupBy(calls.serviceEvents, ({ keyArn }) => keyArn ?? "");
  for (const { destroyed, keyArn, chain } of trail.cases.values()) {
    if (destroyed?.how !== "service-event" || !isWithin(time, destroyed.at)) continue;
    const isReported = reported
      .get(keyArn)
      ?.some(({ at }) => at <= destroyed.at + clockSkewMs && at >= destroyed.at - foundLaterMs);
    if (!isReported)
      reportMissing(
        compared,
        { at: destroyed.at, keyArn, chain },
        "the trail records that the service reported the destruction",
      );
  }
}

function isOwnAct({ isOwnRole, time }: Compared, call: CountedCall): boolean {
  return isSuccess(call) && isWithin(time, timeOfCall(call)) && call.versions.some(({ roleArn }) => isOwnRole(roleArn));
}

function casesOf(cases: CasesByKey, { versions }: CountedCall): readonly CaseClaims[] {
  return versions.flatMap(({ keyArn }) => cases.get(keyArn ?? "") ?? []);
}

function report(compared: Compared, call: CountedCall, says: string): void {
  const beyond = beyondTheLog(compared, timeOfCall(call));
  const place = placeOf(call, undefined);
  if (beyond === undefined) compared.differences.add({ class: "G", says, ...place });
  else if (beyond === "after")
    compared.differences.add({
      class: "J",
      says: `${says}: the log of the export ends before it had to be there`,
      ...place,
    });
  else compared.differences.add({ class: "K", says: `${says}: it was before the log of the export begins`, ...place });
}
