import { hourText } from "../ledger/calls-name.ts";
import { hourMs } from "../time.ts";
import { type CountedCall, isDeletion, timeOfCall } from "./calls.ts";
import { type Compared, isSameSecond, isWithin, loggedWithinMs } from "./compared.ts";
import { placeOf } from "./match-calls.ts";
import type { FailedCalls } from "./result.ts";
import type { FailedClaim, FailedClaims } from "./trail-claims.ts";

/** The failed calls of one principal within an hour: what CloudTrail has, and what the trail has. */
interface Hour {
  readonly calls: CountedCall[];
  /** Entries that agree with a call. */
  readonly recorded: Set<CountedCall>;
  claims?: FailedClaims;
}

/** Counts are recorded once the hour is over, by the hourly work of the sweep: so much later (ms) they are in the log. */
const countedWithinMs = hourMs + loggedWithinMs;

/**
 * Compares the DeleteKey calls that failed with the trail: each entry has its call, and for each principal and hour the entries and counts are as
 * many as the calls. A call that names a key of another account or Region does not count.
 */
export function compareFailures(compared: Compared): FailedCalls {
  const hours = new Map<string, Hour>();
  const hourOf = (at: number, principal: number) => {
    const name = `${hourText(at)}#${principal}`;
    const known = hours.get(name) ?? { calls: [], recorded: new Set() };
    hours.set(name, known);
    return known;
  };
  for (const call of compared.calls.calls(isDeletion))
    if (isOnRecord(compared, call)) hourOf(timeOfCall(call), principalOf(call)).calls.push(call);
  for (const claims of compared.trail.failed.values()) {
    const { name, recorded, chain } = claims;
    const hour = hourOf(Date.parse(`${name.hour}:00:00Z`), name.principal);
    hour.claims = claims;
    for (const claim of recorded) {
      if (!isWithin(compared.time, claim.at)) continue;
      const call = compared.calls.call(claim.eventId);
      const isTwice = call !== undefined && hour.recorded.has(call);
      const wrong = isTwice ? "the chain has it twice" : whyWrong(claim, claims, call);
      if (wrong === undefined && call !== undefined) hour.recorded.add(call);
      else report(compared, { claim, chain, wrong, call });
    }
  }
  for (const hour of hours.values()) compareCounts(compared, hour);
  return totalsOf(compared, [...hours.values()]);
}

/** Whether the call failed within the time, for a key of this place: of the corrected versions one is enough, since each is delivered. */
function isOnRecord({ time }: Compared, call: CountedCall): boolean {
  return isWithin(time, timeOfCall(call)) && call.versions.some(({ hasFailed, isForeign }) => hasFailed && !isForeign);
}

function principalOf({ versions }: CountedCall): number {
  return versions.find(({ hasFailed }) => hasFailed)?.principal ?? 0;
}

/** Returns how an entry contradicts CloudTrail, or undefined. */
function whyWrong(
  { operation, at }: FailedClaim,
  { name }: FailedClaims,
  call: CountedCall | undefined,
): string | undefined {
  if (call === undefined) return undefined;
  const failed = call.versions.filter(({ hasFailed }) => hasFailed);
  if (failed.length === 0) return "CloudTrail has this call as one that was carried out";
  if (call.name !== operation) return `CloudTrail has a call of ${call.name}`;
  if (!failed.some(({ principal }) => principal === name.principal)) return "CloudTrail has it of another principal";
  const isInTime = failed.some((version) => isSameSecond(version.at, at)) && hourText(at) === name.hour;
  return isInTime ? undefined : "CloudTrail has it at another time";
}

interface Wrong {
  readonly claim: FailedClaim;
  readonly chain: string;
  readonly wrong: string | undefined;
  readonly call: CountedCall | undefined;
}

function report({ coverage, unnamed, differences }: Compared, { claim, chain, wrong, call }: Wrong): void {
  const { at, eventId, keyArn } = claim;
  const place = { ...(keyArn !== undefined && { keyArn }), ...placeOf(call, undefined), at, chain, eventId };
  const says = "the trail records a call that failed";
  if (wrong !== undefined) differences.add({ class: "N", ...place, says: `${says}: ${wrong}` });
  else if (unnamed.call(eventId) !== undefined)
    differences.add({ class: "J", ...place, says: `${says}: it is in a log file that no valid digest names` });
  else if (!coverage.covers(at))
    differences.add({ class: "J", ...place, says: `${says}: no digest vouches for that time` });
  else differences.add({ class: "N", ...place, says: `${says}: CloudTrail has no such call` });
}

/** Compares how many calls there are. What is counted has no time of its own, so that an hour which is cut by the time is not compared. */
function compareCounts(compared: Compared, { calls, recorded, claims }: Hour): void {
  const { time, differences } = compared;
  const counted = claims?.counted ?? 0;
  const first = calls[0] === undefined ? Date.parse(`${claims?.name.hour}:00:00Z`) : timeOfCall(calls[0]);
  const begin = first - (first % hourMs);
  const isCut = begin < time.from || begin + hourMs > time.to;
  const missing = calls.length - recorded.size - counted;
  if (missing === 0 || (isCut && counted > 0)) return;
  const [call] = calls.filter((each) => !recorded.has(each));
  const place = { ...placeOf(call, undefined), at: call === undefined ? begin : timeOfCall(call), ...chainIn(claims) };
  const numbers = `${calls.length} calls of one principal failed in the hour of ${hourText(begin)}; on record are ${recorded.size}, and ${counted} are counted`;
  const lacking = missing > 0 ? whyTooFew(compared, begin) : whyTooMany(compared, begin);
  differences.add({ class: lacking.class, ...place, says: `${numbers}${lacking.says}` });
}

type Lacking = { readonly class: "J" | "K" | "M"; readonly says: string };

function whyTooFew({ logged }: Compared, begin: number): Lacking {
  if (logged === undefined || begin + hourMs + countedWithinMs > logged.to)
    return { class: "J", says: ": the log of the export ends before all had to be" };
  const isBefore = begin < logged.from - loggedWithinMs;
  return isBefore ? { class: "K", says: ": it was before the log of the export begins" } : { class: "M", says: "" };
}

function whyTooMany({ coverage }: Compared, begin: number): Lacking {
  return coverage.covers(begin) && coverage.covers(begin + hourMs - 1)
    ? { class: "M", says: ": a record that is delivered twice counts twice" }
    : { class: "J", says: ": no digest vouches for that time" };
}

function chainIn(claims: FailedClaims | undefined): { readonly chain?: string } {
  return claims === undefined ? {} : { chain: claims.chain };
}

function totalsOf({ time }: Compared, hours: readonly Hour[]): FailedCalls {
  const sum = (numberOf: (hour: Hour) => number) => hours.reduce((all, hour) => all + numberOf(hour), 0);
  const isIn = ({ claims }: Hour) => claims !== undefined && isWithin(time, Date.parse(`${claims.name.hour}:00:00Z`));
  return {
    calls: sum(({ calls }) => calls.length),
    recorded: sum(({ recorded }) => recorded.size),
    counted: sum((hour) => (isIn(hour) ? (hour.claims?.counted ?? 0) : 0)),
  };
}
