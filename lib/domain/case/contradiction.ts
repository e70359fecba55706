import type { KeyObservation } from "../key/payment-key.ts";
import type { Case } from "./case.ts";

/**
 * Whether what was seen of the key and what is on record cannot both be of this moment. Key and record are read at the same time, so that
 * what was seen may be older: another run may have restored the key, or opened a case for a newer deletion, in between. Nothing that
 * ends a case rests on such a look; a run that finds a contradiction reads the key again.
 */
export function contradicts({ deletePendingAt, end, restore }: Case, observation: KeyObservation): boolean {
  if (observation.kind === "live") return end === undefined && restore === "none" && deletePendingAt !== undefined;
  if (observation.kind !== "pending") return false;
  if (deletePendingAt === undefined) return end !== undefined;
  const same = observation.deletePendingAt === deletePendingAt;
  return same ? end !== undefined || restore === "restored" : end === undefined;
}
