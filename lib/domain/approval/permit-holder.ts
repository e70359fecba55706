import { type Directory, personOf } from "../people/directory.ts";
import { principalOf, type Requester } from "../people/requester.ts";
import type { VoteWay } from "../people/vote.ts";
import type { Approval } from "../policy/decision.ts";

/** What every permit says of those who gave it, and of the one who may use it. */
export interface PermitHolding {
  readonly principal: string;
  /** Unique id of the principal's role, where it has one. */
  readonly roleId?: string;
  /** The person who may use it, where the principal is shared or known. */
  readonly person?: string;
  readonly group: string;
  readonly approvedBy: readonly string[];
  /** The ways in which they proved who they are. */
  readonly proof: readonly VoteWay[];
}

/** Those who are on record as having made the call that a permit is to let pass. */
export interface Callers {
  readonly persons: readonly string[];
  /** Whether each of them is known as a person. */
  readonly allKnown: boolean;
}

/** Returns whether those who gave a permit are enough for `approval`, that of the rule which decides now. */
export function isApprovedFor(
  { group, approvedBy, person, proof }: PermitHolding,
  approval: Approval,
  { persons, allKnown }: Callers,
  directory: Directory,
): boolean {
  const members = directory.members.get(approval.from) ?? [];
  const counted = approvedBy.filter((each) => members.includes(each) && each !== person && !persons.includes(each));
  // INVARIANT: a requester who is not known as a person could be one of the approvers, so one more has to agree.
  const proven = approval.proof === undefined || proof.every((way) => approval.proof?.includes(way));
  return proven && approval.from === group && new Set(counted).size >= approval.quorum + (allKnown ? 0 : 1);
}

/** Returns whether `requester` is the one whom a permit is for. */
export function isHolder(
  { principal, roleId, person, approvedBy }: Omit<PermitHolding, "group" | "proof">,
  requester: Requester,
  directory: Directory,
): boolean {
  if (principalOf(requester) !== principal) return false;
  if (roleId !== undefined && !(requester.kind === "role-session" && requester.roleId === roleId)) return false;
  const whose = personOf(directory, requester);
  // INVARIANT: nobody uses a permit that they have given, though it be in the name of a role.
  return person === undefined ? whose === undefined || !approvedBy.includes(whose) : whose === person;
}
