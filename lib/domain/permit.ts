import type { Chain } from "./audit-chain.ts";
import type { Case } from "./case.ts";
import type { DeletionRequest } from "./deletion-request.ts";
import type { Permit } from "./permit-terms.ts";
import { type Directory, personOf } from "./person.ts";
import { principalOf, type Requester } from "./requester.ts";
import { waitingSlack } from "./waiting-period.ts";

/** A permit as its own chain tells it. */
export interface PermitState {
  readonly permit: Permit;
  readonly usedBy?: { readonly generation: number; readonly eventId: string };
  readonly revoked: boolean;
}

/** The state of a permit: a fold over its entries. Undefined for a list that no permit begins with. */
export function foldPermit({ entries }: Chain): PermitState | undefined {
  const [first, ...rest] = entries;
  if (first?.kind !== "permit-issued") return undefined;
  const used = rest.find((entry) => entry.kind === "permit-used");
  return {
    permit: first.permit,
    ...(used && { usedBy: { generation: used.case.generation, eventId: used.eventId } }),
    revoked: rest.some(({ kind }) => kind === "permit-revoked"),
  };
}

/** Those who can be told apart from everybody else: nobody gets a permit for a whole account, or for nobody. */
const nameable: readonly Requester["kind"][] = [
  "role-session",
  "user",
  "root",
  "federated-user",
  "identity-center-user",
];

/** The permit that the approvers of `of` have given, or undefined where it is not known to whom. */
export function permitOf(of: Case, directory: Directory, now: number): Permit | undefined {
  const request = of.requests.at(-1);
  const { decision, question, deletePendingAt } = of;
  if (request === undefined || decision?.effect.outcome !== "ask" || question?.state !== "granted") return undefined;
  if (deletePendingAt === undefined || !nameable.includes(request.requester.kind)) return undefined;
  const { requester } = request;
  const person = personOf(directory, requester);
  const { from, permitForMs } = decision.effect.approval;
  return {
    keyArn: of.keyArn,
    generation: of.generation,
    principal: principalOf(requester),
    ...(requester.kind === "role-session" && requester.roleId !== undefined && { roleId: requester.roleId }),
    ...(person !== undefined && { person }),
    minWaitingMs: deletePendingAt - request.at,
    group: from,
    approvedBy: question.approvals.flatMap(({ person: by }) => by ?? []),
    issuedAt: now,
    until: now + permitForMs,
  };
}

/**
 * Whether `state` lets the deletion of `of` pass. It is judged at the deletion's eventTime, strictly after the permit was issued,
 * so that an event that comes late is judged alike. INVARIANT: a permit that is used names the one deletion it was used for.
 */
export function permits({ permit, usedBy, revoked }: PermitState, of: Case, directory: Directory): boolean {
  const request = of.requests.at(-1);
  const approval = of.decision?.effect.outcome === "ask" ? of.decision.effect.approval : undefined;
  if (request === undefined || approval === undefined || of.deletePendingAt === undefined || revoked) return false;
  // Another deletion within the same case was not approved by anybody.
  if (of.requests.length > 1) return false;
  if (usedBy !== undefined && (usedBy.generation !== of.generation || usedBy.eventId !== request.eventId)) return false;
  if (approval.from !== permit.group || approval.quorum > permit.approvedBy.length) return false;
  const inTime = request.at > permit.issuedAt && request.at <= permit.until;
  const notice = of.deletePendingAt - request.at >= permit.minWaitingMs - waitingSlack;
  return inTime && notice && permit.generation < of.generation && isPrincipal(permit, request, directory);
}

function isPrincipal(
  { principal, roleId, person }: Permit,
  { requester }: DeletionRequest,
  directory: Directory,
): boolean {
  if (principalOf(requester) !== principal) return false;
  if (roleId !== undefined && !(requester.kind === "role-session" && requester.roleId === roleId)) return false;
  return person === undefined || personOf(directory, requester) === person;
}

/** Whether somebody may still use it, should an event of a deletion come up to `grace` ms late. */
export function isLive({ permit, usedBy, revoked }: PermitState, now: number, grace: number): boolean {
  return usedBy === undefined && !revoked && now <= permit.until + grace;
}
