import type { PersonRequest } from "../../lib/domain/approval/person-request.ts";
import type { Voter, WhyUnverified } from "../../lib/domain/people/vote.ts";

/** A request, who made it, and how far that is proven. */
export interface VerifiedRequest {
  readonly request: PersonRequest;
  readonly voter: Voter;
  /** The channel in which a person of Slack requested it. */
  readonly channel?: string;
  /** Why its proof could not be verified; absent where it was. */
  readonly unverified?: WhyUnverified;
}
