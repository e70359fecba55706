import type { Chain } from "../ledger/chain.ts";
import type { PermitName } from "../ledger/permit-name.ts";
import type { Permit } from "../ledger/permit-terms.ts";

/** A permit that was asked for before the key was deleted, as its own chain tells it. Times are ms since the epoch. */
export interface PlannedPermit extends PermitName {
  readonly rule: string;
  readonly principal: string;
  readonly person?: string;
  readonly minWaitingMs: number;
  readonly requestedBy: string;
  readonly requestedAt: number;
  /** Until when it may be approved. */
  readonly deadline: number;
  readonly approvedBy: readonly string[];
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
    subject,
    minWaitingMs,
    person: requestedBy,
    at: requestedAt,
    deadline,
  } = first;
  const issued = rest.find((entry) => entry.kind === "permit-issued")?.permit;
  return {
    ...{ keyArn, number, rule, principal, minWaitingMs, requestedBy, requestedAt, deadline },
    ...(subject !== undefined && { person: subject }),
    approvedBy: rest.flatMap((entry) => (entry.kind === "permit-approved" ? entry.person : [])),
    ...(issued && { issued }),
    used: rest.some(({ kind }) => kind === "permit-used"),
    revoked: rest.some(({ kind }) => kind === "permit-revoked"),
  };
}

/** Whether it can still be approved. */
export function isOpen({ issued, revoked, deadline }: PlannedPermit, now: number): boolean {
  return issued === undefined && !revoked && now < deadline;
}
