import type { Chain } from "../ledger/chain.ts";
import type { PermitName } from "../ledger/permit-name.ts";
import type { Permit } from "../ledger/permit-terms.ts";
import type { VoteWay } from "../people/vote.ts";

/** One approval of a planned permit, and how it was proven. */
export interface PermitApproval {
  readonly person: string;
  readonly via: VoteWay;
}

/** A permit that was asked for before the key was deleted, as its own chain tells it. Times are ms since the epoch. */
export interface PlannedPermit extends PermitName {
  readonly rule: string;
  readonly principal: string;
  /** Unique id of the principal, where it is a role. */
  readonly roleId?: string;
  readonly person?: string;
  readonly minWaitingMs: number;
  readonly requestedBy: string;
  readonly requestedAt: number;
  /** Until when it may be approved. */
  readonly deadline: number;
  readonly approvals: readonly PermitApproval[];
  readonly issued?: Permit;
  readonly used: boolean;
  readonly revoked: boolean;
}

/** The state of a permit asked for beforehand: a fold over its entries. Undefined for a list that no request begins with. */
export function foldPlannedPermit({ entries }: Chain): PlannedPermit | undefined {
  const [first, ...rest] = entries;
  if (first?.kind !== "permit-requested") return undefined;
  const {
    keyArn,
    number,
    rule,
    principal,
    roleId,
    subject,
    minWaitingMs,
    person: requestedBy,
    at: requestedAt,
    deadline,
  } = first;
  const issued = rest.find((entry) => entry.kind === "permit-issued")?.permit;
  return {
    ...{ keyArn, number, rule, principal, minWaitingMs, requestedBy, requestedAt, deadline },
    ...(roleId !== undefined && { roleId }),
    ...(subject !== undefined && { person: subject }),
    approvals: rest.flatMap((entry) =>
      entry.kind === "permit-approved" ? { person: entry.person, via: entry.voter.via } : [],
    ),
    ...(issued && { issued }),
    used: rest.some(({ kind }) => kind === "permit-used"),
    revoked: rest.some(({ kind }) => kind === "permit-revoked"),
  };
}

/** Whether it can still be approved. */
export function isOpen({ issued, revoked, deadline }: PlannedPermit, now: number): boolean {
  return issued === undefined && !revoked && now < deadline;
}
