import { printableText } from "../printable-text.ts";
import { type CountedCall, isCorrected, isSuccess, timeOfCall } from "./calls.ts";
import type { DifferenceClass } from "./classes.ts";
import { beyondTheLog, type Compared, isSameSecond, isWithin } from "./compared.ts";
import type { Population } from "./result.ts";
import type { Claim } from "./trail-claims.ts";

/** How calls of one kind are matched with what the trail says of them. */
export interface Matching {
  readonly claims: ReadonlyMap<string, readonly Claim[]>;
  /** Calls of this kind that have to be on record. */
  readonly calls: Iterable<CountedCall>;
  /** Whether a claim is for the key that the call names. */
  readonly isSameKey: (call: CountedCall, claim: Claim) => boolean;
  /** Why a call without a claim has none, where that is known. */
  readonly excuse?: (call: CountedCall) => string | undefined;
  readonly onMatch?: (call: CountedCall, claim: Claim) => void;
}

type Judged = { readonly class: DifferenceClass; readonly says: string } | undefined;

/** Matches calls and claims in both directions: every call has to be in exactly one chain, and no chain may name another. */
export function matchCalls(compared: Compared, matching: Matching): Population {
  const unmatched = new Map<DifferenceClass, number>();
  const counts = { events: 0, matched: 0, duplicates: 0, corrected: 0, failed: 0 };
  for (const call of matching.calls) {
    if (!isWithin(compared.time, timeOfCall(call))) continue;
    counts.duplicates += call.duplicates;
    counts.corrected += Number(isCorrected(call));
    if (!isSuccess(call)) {
      counts.failed += 1;
      continue;
    }
    counts.events += 1;
    const claims = matching.claims.get(call.eventId) ?? [];
    const judged = judge(compared, matching, call, claims);
    if (judged === undefined) {
      counts.matched += 1;
      const [claim] = claims;
      if (claim !== undefined) matching.onMatch?.(call, claim);
    } else {
      unmatched.set(judged.class, (unmatched.get(judged.class) ?? 0) + 1);
      compared.differences.add({ ...judged, ...placeOf(call, claims[0]) });
    }
  }
  judgeClaims(compared, matching);
  const list = [...unmatched].map(([name, count]) => ({ class: name, count }));
  return { ...counts, unmatched: list.toSorted((a, b) => (a.class < b.class ? -1 : 1)) };
}

function judge(compared: Compared, matching: Matching, call: CountedCall, claims: readonly Claim[]): Judged {
  if (claims.length === 0) return judgeUnclaimed(compared, matching, call);
  const chains = [...new Set(claims.map(({ chain }) => chain))];
  if (chains.length > 1)
    return { class: "B", says: `${chains.length} chains name this call: ${shown(chains.join(", "))}` };
  const otherKey = claims.find((claim) => !matching.isSameKey(call, claim));
  if (otherKey !== undefined)
    return {
      class: "C",
      says: `CloudTrail names ${keyText(call)}, the trail ${shown(otherKey.keyArns.join(" and "))}`,
    };
  const otherTime = claims.find(({ at }) => !call.versions.some((version) => isSameSecond(version.at, at)));
  return otherTime === undefined ? undefined : { class: "D", says: timesText(call, otherTime) };
}

function judgeUnclaimed(compared: Compared, { excuse }: Matching, call: CountedCall): Judged {
  const beyond = beyondTheLog(compared, timeOfCall(call));
  if (beyond === "after")
    return { class: "J", says: `${call.name}: the log of the export ends before it had to be on record` };
  if (beyond === "before") return { class: "K", says: `${call.name}: made before the log of the export begins` };
  const excused = excuse?.(call);
  if (excused !== undefined) return { class: "K", says: `${call.name}: ${excused}` };
  return {
    class: "A",
    says: `${call.name} is on no chain: the guard was not installed, did not see it, or a chain is hidden`,
  };
}

/** The other direction: what the trail says of calls that CloudTrail does not have. */
function judgeClaims(compared: Compared, { claims }: Matching): void {
  const { time, calls, differences } = compared;
  for (const [eventId, made] of claims)
    for (const claim of made) {
      if (!isWithin(time, claim.at)) continue;
      const call = calls.call(eventId);
      if (call === undefined) differences.add({ ...judgeUnknown(compared, claim), ...placeOf(undefined, claim) });
      else if (!isSuccess(call))
        differences.add({ class: "F", says: "CloudTrail has this call as one that failed", ...placeOf(call, claim) });
      else if (!isWithin(time, timeOfCall(call)))
        differences.add({ class: "D", says: timesText(call, claim), ...placeOf(undefined, claim) });
    }
}

function judgeUnknown({ coverage, unnamed }: Compared, { eventId, at }: Claim): NonNullable<Judged> {
  if (unnamed.call(eventId) !== undefined)
    return { class: "J", says: "the call is in a log file that no valid digest names" };
  return coverage.covers(at)
    ? { class: "F", says: "CloudTrail has no such call: the entry is forged, or CloudTrail's log is incomplete" }
    : { class: "J", says: "the trail names a call of a time that no digest vouches for" };
}

/** Reports the calls of log files that no digest vouches for, as far as the trail does not name them. */
export function reportUnnamed(compared: Compared, { claims }: Matching, isWanted: (name: string) => boolean): void {
  const { unnamed, calls, time, differences } = compared;
  for (const call of unnamed.calls(isWanted)) {
    const isElsewhere = claims.has(call.eventId) || calls.call(call.eventId) !== undefined;
    if (isElsewhere || !isSuccess(call) || !isWithin(time, timeOfCall(call))) continue;
    const says = `${call.name} is in a log file that no valid digest names, and on no chain`;
    differences.add({ class: "J", says, ...placeOf(call, undefined) });
  }
}

/** Returns where a difference lies. */
export function placeOf(call: CountedCall | undefined, claim: Claim | undefined) {
  const keyArn = call?.versions.find((version) => version.keyArn !== undefined)?.keyArn ?? claim?.keyArns[0];
  const eventId = call?.eventId ?? claim?.eventId;
  return {
    at: call === undefined ? (claim?.at ?? 0) : timeOfCall(call),
    ...(keyArn !== undefined && { keyArn: shown(keyArn) }),
    ...(claim !== undefined && { chain: claim.chain }),
    ...(eventId !== undefined && { eventId: shown(eventId) }),
  };
}

function keyText({ versions }: CountedCall): string {
  const named = versions.map(({ keyArn, alias }) => keyArn ?? alias ?? "no key");
  return shown([...new Set(named)].join(" and "));
}

function timesText({ versions }: CountedCall, { at }: Claim): string {
  const times = [...new Set(versions.map((version) => new Date(version.at).toISOString()))];
  return `CloudTrail says ${times.join(" and ")}, the trail ${new Date(at).toISOString()}`;
}

function shown(text: string): string {
  return printableText(text, 400);
}
