import { waitingPeriod } from "../key/waiting-period.ts";
import { dayMs } from "../time.ts";
import type { DeletionRequest } from "./request.ts";

/** How far (ms) `DeletePendingTimestamp` may lie from request time plus waiting period; its rounding is unknown (docs/aws-facts.md). */
const slackMs = dayMs;

/** Returns whether `request` names its key well enough to speak for a deletion at all: a mere hint never says who deleted a key. */
export function isAttributable({ target }: DeletionRequest): boolean {
  return target.kind === "arn";
}

/**
 * Returns whether `request` can be the call that led to a deletion pending until `deletePendingAt` (ms). A replayed record of last month
 * must not speak for a deletion of today.
 */
export function isRequestOf(deletePendingAt: number, request: DeletionRequest): boolean {
  return isAttributable(request) && fitsDeletion(deletePendingAt, request);
}

/** Returns whether the time of `request` fits a deletion pending until `deletePendingAt` (ms), whichever key it names. */
export function fitsDeletion(deletePendingAt: number, request: DeletionRequest): boolean {
  const { shortest, longest } = possibleWaiting(request);
  const from = request.at + shortest - slackMs;
  const to = request.at + longest + slackMs;
  return from <= deletePendingAt && deletePendingAt <= to;
}

/** A record that names no waiting period could have led to any: the one to judge by is `deletePendingAt` less the time of the call. */
function possibleWaiting({ requestedDays }: DeletionRequest): { shortest: number; longest: number } {
  if (requestedDays === undefined) return waitingPeriod;
  return { shortest: requestedDays * dayMs, longest: requestedDays * dayMs };
}

/** The earliest moment (ms) at which a key deleted by `request` can be gone. */
export function earliestDestruction(request: DeletionRequest): number {
  return request.at + possibleWaiting(request).shortest;
}
