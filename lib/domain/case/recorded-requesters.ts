import { fitsDeletion } from "../deletion/attribution.ts";
import type { DeletionRequest } from "../deletion/request.ts";
import { type Directory, personOf } from "../people/directory.ts";
import type { Case } from "./case.ts";

/** The persons on record as requesters of a deletion. */
export interface RecordedRequesters {
  readonly persons: readonly string[];
  /** Whether that is all of them: the deletion has a record, and every record names a person. */
  readonly allKnown: boolean;
}

/**
 * Returns everyone whom a record of the pending deletion of the case `state` names as its requester. An attack: a forged record arrives first, so
 * that the record of the real call counts as unattributed.
 */
export function recordedRequesters(state: Case, directory: Directory): RecordedRequesters {
  const persons = [...state.requests, ...suspectRequests(state)].map(({ requester }) => personOf(directory, requester));
  return {
    persons: persons.filter((person) => person !== undefined),
    allKnown: state.requests.length > 0 && !persons.includes(undefined),
  };
}

/** Returns the unattributed records that may still be the call itself: none once CloudTrail has confirmed another one. */
export function suspectRequests({ deletePendingAt, unattributed, confirmation }: Case): readonly DeletionRequest[] {
  if (deletePendingAt === undefined || confirmation === "confirmed") return [];
  return unattributed.filter((request) => fitsDeletion(deletePendingAt, request));
}
