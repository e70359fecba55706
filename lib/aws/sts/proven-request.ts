import type { PermitCommand } from "../../domain/approval/permit-command.ts";
import type { PersonRequest } from "../../domain/approval/person-request.ts";
import { type CastVote, type PermitVote, voteDigest } from "./caller-proof.ts";

/** Returns what the caller `userId` requests by a vote. */
export function requestOfVote(vote: CastVote, userId: string): PersonRequest {
  if ("permit" in vote) return { about: "permit", command: commandOf(vote.permit, vote.reason) };
  const { reason } = vote;
  if ("export" in vote) return { about: "export", exported: { ...vote.export, reason } };
  if ("pause" in vote) {
    const { pause } = vote;
    return { about: "pause", request: pause === "end" ? { do: "end", reason } : { do: "pause", forMs: pause, reason } };
  }
  const { case: name, choice } = vote;
  // The digest names the vote: sent twice, it is the same one.
  return { about: "vote", name, vote: { id: `aws:${userId}:${voteDigest(vote)}`, choice, reason } };
}

function commandOf(permit: PermitVote["permit"], reason: string): PermitCommand {
  if ("approve" in permit) return { do: "approve", name: permit.approve, reason };
  if ("revoke" in permit) return { do: "revoke", name: permit.revoke, reason };
  const { keyArn, ...wish } = permit.request;
  return { do: "request", keyArn, wish, reason };
}
