import { recordedState } from "../change/change-entries.ts";
import { maxUnseenMs } from "../change/known-state.ts";
import type { Chain } from "../ledger/chain.ts";
import { changePermitChainName } from "../ledger/chain-name.ts";
import { type ChangePermitName, changePermitNameOf } from "../ledger/change-permit-name.ts";
import type { EntryOf } from "../ledger/entry.ts";
import type { State } from "../operations/state.ts";
import { type Directory, personOf } from "../people/directory.ts";
import type { Requester } from "../people/requester.ts";
import type { Approval } from "../policy/decision.ts";
import { isApprovedFor, isHolder } from "./permit-holder.ts";
import type { PermitApproval } from "./planned-permit.ts";

/** A permit for one change of one subject, as its own chain tells it. Times are ms since the epoch. */
export interface ChangePermit {
  readonly name: ChangePermitName;
  readonly request: EntryOf<"change-permit-requested">;
  readonly approvals: readonly PermitApproval[];
  /** The percentage of the time to decide at which people were last reminded; 0 before. */
  readonly reminded: number;
  readonly issued?: EntryOf<"change-permit-issued">;
  /** The change that it lets pass. */
  readonly used?: EntryOf<"change-permit-used">;
  readonly revoked?: EntryOf<"change-permit-revoked">;
}

/** Returns the state of a permit for a change: a fold over its entries. Undefined for any other chain. */
export function foldChangePermit(chain: Pick<Chain, "name" | "entries">): ChangePermit | undefined {
  const [request, ...rest] = chain.entries;
  if (request?.kind !== "change-permit-requested") return undefined;
  const name = changePermitNameOf(request);
  if (name === undefined || changePermitChainName(name) !== chain.name) return undefined;
  const issued = rest.find((entry) => entry.kind === "change-permit-issued");
  const used = rest.find((entry) => entry.kind === "change-permit-used");
  const revoked = rest.find((entry) => entry.kind === "change-permit-revoked");
  return {
    ...{ name, request },
    approvals: rest.flatMap((entry) =>
      entry.kind === "permit-approved" ? { person: entry.person, via: entry.voter.via } : [],
    ),
    reminded: rest.findLast((entry) => entry.kind === "approval-reminded")?.percent ?? 0,
    ...(issued && { issued }),
    ...(used && { used }),
    ...(revoked && { revoked }),
  };
}

/**
 * How many permits of one subject and operation that were requested beforehand are read, the newest of them. INVARIANT: a person who requests and revokes
 * without end never delays the judgement of a change; what is not read permits nothing.
 */
export const maxPermitsRead = 200;

/** Returns whether it can still be approved at `now` (ms). */
export function isOpenPermit({ issued, revoked, request }: ChangePermit, now: number): boolean {
  return issued === undefined && revoked === undefined && now < request.deadline;
}

/** A change that a permit may let pass. */
export interface PermittedChange {
  readonly eventId: string;
  /** eventTime, ms since the epoch. */
  readonly at: number;
  readonly requester: Requester;
  /** The state after it, as its record tells. */
  readonly after?: State;
}

/**
 * Returns whether a permit lets `change` pass, where the rule that decides asks for `approval`. It is judged at the call's eventTime, strictly after the
 * permit was issued. INVARIANT: a permit counts for one change of its subject by its operation, to its state, by its principal, and once.
 */
export function permitsChange(
  { request, issued, used, revoked }: ChangePermit,
  { eventId, at, requester, after }: PermittedChange,
  approval: Approval,
  directory: Directory,
): boolean {
  if (issued === undefined || revoked !== undefined) return false;
  if (used !== undefined && used.eventId !== eventId) return false;
  if (at <= issued.at || at > lastUse(issued, approval)) return false;
  const { principal, roleId, user, to } = request;
  if (to !== undefined && (after === undefined || recordedState(after).sha256 !== to.sha256)) return false;
  const { group, approvedBy, proof } = issued;
  const whose = personOf(directory, requester);
  const callers = { persons: whose === undefined ? [] : [whose], allKnown: whose !== undefined };
  const holding = { principal, group, approvedBy, proof, ...(roleId && { roleId }), ...(user && { person: user }) };
  return isApprovedFor(holding, approval, callers, directory) && isHolder(holding, requester, directory);
}

/**
 * Returns whether a permit might let a change pass whose requester is unknown: the inventory saw it at `at`, and no record came. It was made since the
 * reading before, which may have been before the permit ended.
 */
export function mayPermit(
  { request: { to }, issued, used, revoked }: ChangePermit,
  { at, after }: Pick<PermittedChange, "at" | "after">,
  approval: Approval,
): boolean {
  if (issued === undefined || revoked !== undefined || used !== undefined || at <= issued.at) return false;
  if (issued.group !== approval.from || at > lastUse(issued, approval) + maxUnseenMs) return false;
  return to === undefined || after === undefined || recordedState(after).sha256 === to.sha256;
}

/** Until when (ms) a permit may be used, by the terms of the rule that decides now. */
function lastUse({ at, until }: EntryOf<"change-permit-issued">, { permitForMs }: Approval): number {
  return Math.min(until, at + permitForMs);
}
