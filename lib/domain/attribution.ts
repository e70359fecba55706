import type { DeletionRequest } from "./deletion-request.ts";

const day = 86_400_000;
/** How far (ms) `DeletePendingTimestamp` may lie from request time plus waiting period; its rounding is unknown (docs/aws-facts.md). */
const slack = day;
const defaultWaitingDays = 7;
const waitingDaysBounds = { min: 3, max: 180 };

/**
 * Whether `request` can be the call that led to a deletion pending until `deletePendingAt` (ms). A replayed record of last month
 * must not speak for a deletion of today. A record that holds only an alias never does: the alias may have been moved since.
 */
export function isRequestOf(deletePendingAt: number, request: DeletionRequest): boolean {
  return request.target.kind !== "alias" && fitsDeletion(deletePendingAt, request);
}

/** Returns whether the time of `request` fits a deletion pending until `deletePendingAt` (ms), whichever key it names. */
export function fitsDeletion(deletePendingAt: number, request: DeletionRequest): boolean {
  const { min, max } = possibleDays(request);
  const from = request.at + min * day - slack;
  const to = request.at + max * day + slack;
  return from <= deletePendingAt && deletePendingAt <= to;
}

function possibleDays(request: DeletionRequest): { min: number; max: number } {
  if (!request.parametersKnown) return waitingDaysBounds;
  const days = request.requestedDays ?? defaultWaitingDays;
  return { min: days, max: days };
}

/** The earliest moment (ms) at which a key deleted by `request` can be gone. */
export function earliestDestruction(request: DeletionRequest): number {
  return request.at + possibleDays(request).min * day;
}
