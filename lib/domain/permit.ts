import type { Chain } from "./audit-chain.ts";
import type { Case } from "./case.ts";
import type { DeletionRequest } from "./deletion-request.ts";
import type { Permit } from "./permit-terms.ts";
import { type Directory, personOf } from "./person.ts";
import { generationOf } from "./planned-permit.ts";
import { principalOf, type Requester } from "./requester.ts";
import { waitingSlack } from "./waiting-period.ts";

/** A permit as its own chain tells it. */
export interface PermitState {
  readonly permit: Permit;
  readonly usedBy?: { readonly generation: number; readonly eventId: string };
  readonly revoked: boolean;
}

/** The state of a permit: a fold over its entries. Undefined for a list that holds none, also where it was only asked for. */
export function foldPermit({ entries }: Chain): PermitState | undefined {
  const issued = entries.find((entry) => entry.kind === "permit-issued");
  if (issued === undefined || generationOfPermit({ entries }) === undefined) return undefined;
  const used = entries.find((entry) => entry.kind === "permit-used");
  return {
    permit: issued.permit,
    ...(used && { usedBy: { generation: used.case.generation, eventId: used.eventId } }),
    revoked: entries.some(({ kind }) => kind === "permit-revoked"),
  };
}

/** What tells a permit from the others of its key, also one that was only asked for. Undefined for a list that is none. */
export function generationOfPermit({ entries: [first] }: Pick<Chain, "entries">): number | undefined {
  if (first?.kind === "permit-requested") return generationOf(first);
  return first?.kind === "permit-issued" ? first.permit.generation : undefined;
}

/** Whether it still could let a deletion pass, now or once it is given. */
export function isUnused({ entries }: Pick<Chain, "entries">): boolean {
  return !entries.some(({ kind }) => kind === "permit-used" || kind === "permit-revoked");
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
  { principal, roleId, person, approvedBy }: Permit,
  { requester }: DeletionRequest,
  directory: Directory,
): boolean {
  if (principalOf(requester) !== principal) return false;
  if (roleId !== undefined && !(requester.kind === "role-session" && requester.roleId === roleId)) return false;
  const whose = personOf(directory, requester);
  // INVARIANT: nobody uses a permit that they have given, though it be in the name of a role.
  return person === undefined ? whose === undefined || !approvedBy.includes(whose) : whose === person;
}

/** Whether somebody may still use it, should an event of a deletion come up to `grace` ms late. */
export function isLive({ permit, usedBy, revoked }: PermitState, now: number, grace: number): boolean {
  return usedBy === undefined && !revoked && now <= permit.until + grace;
}
