/** Who voted, as it was proven: by Slack's signature, or by AWS itself (STS). Not yet a person. */
export type Voter =
  | { readonly via: "slack"; readonly userId: string }
  | { readonly via: "aws"; readonly arn: string; readonly userId: string };

/** The ways in which a vote can be proven. */
export const voteWays = ["slack", "aws"] as const;
export type VoteWay = (typeof voteWays)[number];

/** One vote on the deletion of a key, as it came in. */
export interface Vote {
  /** The same for every delivery of the same vote: a retry or a double click counts once. */
  readonly id: string;
  readonly choice: "approve" | "keep";
  readonly voter: Voter;
  readonly reason?: string;
}

/** Why a vote does not count. */
export type VoteRefusal =
  /** The directory does not know who that is. */
  | "stranger"
  | "not-an-approver"
  /** Was among the approvers when the deletion was decided, and was removed since. */
  | "removed"
  | "own-deletion"
  /** Stopped the key. */
  | "own-change"
  /** Was proven in a way that the rule does not count. */
  | "proof-not-accepted"
  | "already-approved"
  | "reason-missing"
  | "too-late"
  | "nobody-was-asked"
  /** Its proof could no longer be verified when it was judged. */
  | "proof-expired";

/** Why a proof could not be verified again: it is too old, by a secret that was replaced, or what verifies it did not answer. */
export type WhyUnverified = "proof-aged" | "secret-replaced" | "secret-unavailable" | "sts-unavailable";

/** Where a recorded request came from. */
export interface Origin {
  /** SHA-256 of its proof, in hex: a request takes effect once. */
  readonly requestId?: string;
  /** Why the proof could not be verified again; absent where it was. INVARIANT: such a request counts only if it keeps a key. */
  readonly unverified?: WhyUnverified;
}

/** The stable name of a voter, for counting. */
export function voterName(voter: Voter): string {
  return voter.via === "slack" ? `slack:${voter.userId}` : `aws:${voter.userId}`;
}
