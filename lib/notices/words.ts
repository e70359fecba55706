import type { CallPath } from "../domain/deletion/request.ts";
import { principalOf, type Requester } from "../domain/people/requester.ts";
import { type VoteRefusal, type Voter, voterName } from "../domain/people/vote.ts";
import { minuteMs } from "../domain/time.ts";

/** Who it was, as short as it is clear: the session of an Identity Center role, or the last part of an ARN. */
export function requesterText(requester: Requester): string {
  const last = principalOf(requester).split("/").at(-1) ?? "";
  return requester.kind === "role-session" && requester.permissionSet !== undefined
    ? `${requester.sessionName ?? "someone"} (${requester.permissionSet})`
    : last;
}

/** Returns who it was, for a sentence: `someone` if that is unknown. */
export function actorText(requester: Requester | undefined): string {
  return requester === undefined || requester.kind === "unknown" ? "someone" : requesterText(requester);
}

/** Returns how the call came about, where the record says more than who it was; else empty text. */
export function callPathText({ invokedBy, assumedRoot, invokedByDelegate }: CallPath): string {
  const parts = [
    ...(invokedBy === undefined ? [] : [`by ${invokedBy} for the requester`]),
    ...(assumedRoot ? ["with root credentials obtained by sts:AssumeRoot"] : []),
    ...(invokedByDelegate === undefined ? [] : [`by the delegate account ${invokedByDelegate}`]),
  ];
  return parts.join(", ");
}

export function voterText(voter: Voter): string {
  return voter.via === "slack" ? voter.userId : voterName(voter);
}

/** `ms` as people say it: 2.3 s, 45 min, 23 h, 6 days. */
export function durationText(ms: number): string {
  const minutes = ms / minuteMs;
  if (minutes < 1) return `${(ms / 1000).toFixed(1)} s`;
  if (minutes < 120) return `${Math.round(minutes)} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
}

/** `ms` in UTC, where that is said elsewhere: 2024-05-27 19:49:54. */
export function dateAndTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}

/** A time of day that needs no explanation: 2024-05-27 19:49:54 UTC. */
export function timeText(ms: number): string {
  return `${dateAndTime(ms)} UTC`;
}

/** `ms` in UTC to the minute, for a message: 2024-05-27 19:49 UTC. */
export function minuteText(ms: number): string {
  return `${dateAndTime(ms).slice(0, 16)} UTC`;
}

/** Why a vote does not count, to the one who cast it. */
export const refusalTexts: Readonly<Record<VoteRefusal, string>> = {
  stranger: "You are not in the policy's directory of people. Ask the policy's owners to add your Slack member id.",
  "not-an-approver": "You are not among the approvers of this rule.",
  removed: "You are no longer among the approvers of this rule.",
  "own-deletion": "This is your own deletion, so others must approve it. You may keep the key.",
  "own-change": "You stopped this key, so another person must have it started.",
  "proof-not-accepted":
    "This rule counts only approvals proven in another way: use the command `reprieve approve`, or see approval.proof in the policy. You may keep the key here.",
  "already-approved": "You approved this deletion already; another person must approve it.",
  "reason-missing": "Give a reason or a ticket: it is recorded.",
  "too-late": "This question is closed.",
  "nobody-was-asked":
    "Nobody was asked about this deletion: a rule decided it. If the key is still pending, its notice says what to do.",
  "proof-expired": "Its proof had expired before it could be judged. Please vote again.",
};
