import type { ChangePermitCommand } from "../../domain/approval/change-permit-command.ts";
import type { PermitCommand } from "../../domain/approval/permit-command.ts";
import type { PersonRequest } from "../../domain/approval/person-request.ts";
import { GuardError } from "../../domain/guard-error.ts";
import { caseNameFrom } from "../../domain/ledger/case-name.ts";
import { changeNameFrom } from "../../domain/ledger/change-name.ts";
import { changePermitNameFrom } from "../../domain/ledger/change-permit-name.ts";
import { subjectFrom } from "../../domain/operations/subject.ts";
import { type CastVote, type ChangePermitVote, type PermitVote, voteDigest } from "./proven-vote.ts";

/** Returns what the caller `userId` requests by a vote. */
export function requestOfVote(vote: CastVote, userId: string): PersonRequest {
  if ("permit" in vote) return { about: "permit", command: commandOf(vote.permit, vote.reason) };
  const { reason } = vote;
  if ("export" in vote) return { about: "export", exported: { ...vote.export, reason } };
  if ("pause" in vote) {
    const { pause } = vote;
    return { about: "pause", request: pause === "end" ? { do: "end", reason } : { do: "pause", forMs: pause, reason } };
  }
  if ("start" in vote) return startOf(vote.start, reason);
  if ("changePermit" in vote) return { about: "change-permit", command: changeCommandOf(vote.changePermit, reason) };
  const { case: name, choice } = vote;
  // The digest names the vote: sent twice, it is the same one.
  return { about: "vote", name, vote: { id: `aws:${userId}:${voteDigest(vote)}`, choice, reason } };
}

function startOf(start: string, reason: string): PersonRequest {
  const changes = changeNameFrom(start);
  if (changes !== undefined) return { about: "key-start", name: changes, reason };
  const name = caseNameFrom(start);
  if (name !== undefined) return { about: "usage-start", name, reason };
  throw notNamed();
}

function changeCommandOf(permit: ChangePermitVote["changePermit"], reason: string): ChangePermitCommand {
  if (!("request" in permit)) {
    const name = changePermitNameFrom("approve" in permit ? permit.approve : permit.revoke);
    if (name === undefined) throw notNamed();
    return { do: "approve" in permit ? "approve" : "revoke", name, reason };
  }
  const { operation, subject: text, ...wish } = permit.request;
  const subject = subjectFrom(text);
  if (subject === undefined) throw notNamed();
  return { do: "request", operation, subject, wish, reason };
}

/** The schema of votes lets no such name pass. */
function notNamed(): GuardError {
  return new GuardError("VOTE_MALFORMED", "reject", "the vote names nothing of this stack");
}

function commandOf(permit: PermitVote["permit"], reason: string): PermitCommand {
  if ("approve" in permit) return { do: "approve", name: permit.approve, reason };
  if ("revoke" in permit) return { do: "revoke", name: permit.revoke, reason };
  const { keyArn, ...wish } = permit.request;
  return { do: "request", keyArn, wish, reason };
}
