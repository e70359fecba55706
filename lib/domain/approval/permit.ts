import type { Case } from "../case/case.ts";
import type { Keep } from "../case/keep.ts";
import { recordedRequesters } from "../case/recorded-requesters.ts";
import { waitingSlackMs } from "../key/waiting-period.ts";
import type { Chain } from "../ledger/chain.ts";
import type { VoteCast, WhyWithheld } from "../ledger/entry.ts";
import type { PermitId } from "../ledger/permit-name.ts";
import type { Permit } from "../ledger/permit-terms.ts";
import { type Directory, personOf } from "../people/directory.ts";
import { principalOf, type Requester } from "../people/requester.ts";
import { type VoteWay, voteWays } from "../people/vote.ts";
import { standingOf } from "./dual-control.ts";
import { isApprovedFor, isHolder } from "./permit-holder.ts";

/** A permit as its own chain tells it. */
export interface PermitState {
  readonly permit: Permit;
  /** When the permit was requested; for one out of a case, when it was issued. */
  readonly requestedAt: number;
  readonly usedBy?: { readonly generation: number; readonly eventId: string };
  readonly revoked: boolean;
}

/** The state of a permit: a fold over its entries. Undefined for a list that holds none, also where it was only asked for. */
export function foldPermit({ entries }: Chain): PermitState | undefined {
  const issued = entries.find((entry) => entry.kind === "permit-issued");
  const [first] = entries;
  if (first === undefined || issued === undefined || permitIdOf({ entries }) === undefined) return undefined;
  const used = entries.find((entry) => entry.kind === "permit-used");
  return {
    permit: issued.permit,
    requestedAt: first.at,
    ...(used && { usedBy: { generation: used.case.generation, eventId: used.eventId } }),
    revoked: entries.some(({ kind }) => kind === "permit-revoked"),
  };
}

/** What tells a permit from the others of its key, also one that was only asked for. Undefined for any other list. */
export function permitIdOf({ entries: [first] }: Pick<Chain, "entries">): PermitId | undefined {
  if (first?.kind === "permit-requested") return { by: "request", number: first.number };
  return first?.kind === "permit-issued" ? first.permit.id : undefined;
}

/** Returns whether a permit can still let a deletion pass at `now` (ms), or once it is approved: not used, revoked or expired. */
export function isUsable({ entries }: Pick<Chain, "entries">, now: number): boolean {
  const [first] = entries;
  if (entries.some(({ kind }) => kind === "permit-used" || kind === "permit-revoked")) return false;
  const issued = entries.find((entry) => entry.kind === "permit-issued");
  if (issued !== undefined) return now <= issued.permit.until;
  return first?.kind === "permit-requested" && now < first.deadline;
}

/** INVARIANT: a recorded Keep revokes every permit requested before it, whether or not the revocation itself was ever written. */
export function isRevokedBy(keep: Keep | undefined, { requestedAt }: Pick<PermitState, "requestedAt">): boolean {
  return keep !== undefined && requestedAt <= keep.at;
}

/** Those who can be distinguished from everybody else: nobody gets a permit for a whole account, or for nobody. */
const nameable: ReadonlySet<Requester["kind"]> = new Set([
  "role-session",
  "user",
  "root",
  "federated-user",
  "identity-center-user",
]);

/** Returns whether a permit can be for `requester`. */
export function isNameable({ kind }: Requester): boolean {
  return nameable.has(kind);
}

/** Returns the permit that the approvers of the case `newest` have given, or why there is none. Undefined without an approval. */
export function permitOf(newest: Case, directory: Directory, now: number): Permit | WhyWithheld | undefined {
  const request = newest.requests.at(-1);
  const { decision, question, deletePendingAt } = newest;
  if (decision?.effect.outcome !== "ask" || question?.state !== "granted") return undefined;
  if (request === undefined || deletePendingAt === undefined) return "requester-unknown";
  const { requester } = request;
  if (!isNameable(requester)) return "requester-unknown";
  // INVARIANT: judged by who is on record as a requester now; who they are may have become known since they approved.
  const { approvedBy, reached } = standingOf(newest, directory);
  if (!reached) return "approval-lapsed";
  const person = personOf(directory, requester);
  const { from, permitForMs } = decision.effect.approval;
  return {
    keyArn: newest.keyArn,
    id: { by: "case", generation: newest.generation },
    principal: principalOf(requester),
    ...(requester.kind === "role-session" && requester.roleId !== undefined && { roleId: requester.roleId }),
    ...(person !== undefined && { person }),
    minWaitingMs: deletePendingAt - request.at,
    group: from,
    approvedBy,
    proof: waysOf(question.approvals.filter(({ person: by = "" }) => approvedBy.includes(by))),
    issuedAt: now,
    until: now + permitForMs,
  };
}

function waysOf(approvals: readonly VoteCast[]): readonly VoteWay[] {
  return voteWays.filter((way) => approvals.some(({ vote }) => vote.voter.via === way));
}

/**
 * Returns whether the permit lets the deletion of the case `newest` pass. It is judged at the deletion's eventTime, strictly after the permit was issued,
 * so that an event that comes late is judged alike. INVARIANT: a permit that is used names the one deletion it was used for.
 */
export function permits(state: PermitState, newest: Case, directory: Directory, keep?: Keep): boolean {
  const { permit, usedBy, revoked } = state;
  const request = newest.requests.at(-1);
  const approval = newest.decision?.effect.outcome === "ask" ? newest.decision.effect.approval : undefined;
  if (request === undefined || approval === undefined || newest.deletePendingAt === undefined) return false;
  if (revoked || isRevokedBy(keep, state)) return false;
  // Another deletion within the same case was not approved by anyone.
  if (newest.requests.length > 1) return false;
  if (usedBy !== undefined && (usedBy.generation !== newest.generation || usedBy.eventId !== request.eventId))
    return false;
  if (!isApprovedFor(permit, approval, recordedRequesters(newest, directory), directory)) return false;
  const until = Math.min(permit.until, permit.issuedAt + approval.permitForMs);
  const inTime = request.at > permit.issuedAt && request.at <= until;
  const notice = newest.deletePendingAt - request.at >= permit.minWaitingMs - waitingSlackMs;
  return inTime && notice && isEarlier(permit, newest) && isHolder(permit, request.requester, directory);
}

/** Whether the permit is not of this very case, nor of a later one. */
function isEarlier({ id }: Permit, newest: Case): boolean {
  return id.by === "request" || id.generation < newest.generation;
}

/** Returns whether it can still be used, given that the event of a deletion may come up to `grace` ms late. */
export function isLive(state: PermitState, now: number, grace: number, keep?: Keep): boolean {
  const { permit, usedBy, revoked } = state;
  return usedBy === undefined && !revoked && !isRevokedBy(keep, state) && now <= permit.until + grace;
}
