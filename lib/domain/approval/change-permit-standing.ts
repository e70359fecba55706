import type { VoteWay } from "../people/vote.ts";
import type { Policy } from "../policy/policy.ts";
import type { ChangePermit } from "./change-permit.ts";
import { quorumOf } from "./permit-command.ts";
import type { PermitApproval } from "./planned-permit.ts";

/** How a question about a change stands by the policy of now. */
export interface ChangePermitStanding {
  /** The group that decides. */
  readonly from: string;
  readonly quorum: number;
  readonly proof?: readonly VoteWay[];
  /** How long (ms) a permit can be used. */
  readonly permitForMs: number;
  readonly members: readonly string[];
  /** Approvals that count: of members of the group, proven as the rule asks. */
  readonly approvals: readonly PermitApproval[];
  /** Members who may still approve. */
  readonly open: readonly string[];
}

/** Returns how `permit` stands, or undefined where no rule of the policy asks people about such a change any more. */
export function changePermitStanding(
  { name, request, approvals: given }: Pick<ChangePermit, "name" | "request" | "approvals">,
  policy: Pick<Policy, "changeRules" | "directory">,
): ChangePermitStanding | undefined {
  const asking = askingChangeRule(policy, name.operation, request.rule);
  if (asking === undefined) return undefined;
  const { from, quorum, proof, permitForMs } = asking.approval;
  const members = policy.directory.members.get(from) ?? [];
  // Less those who have left the group since, and those who did not prove who they are as the rule asks now.
  const approvals = given.filter(
    ({ person, via }) => members.includes(person) && (proof === undefined || proof.includes(via)),
  );
  const out = [request.person, request.user, ...approvals.map(({ person }) => person)];
  return {
    ...{ from, quorum: quorumOf(quorum, request.user), permitForMs, members, approvals },
    ...(proof !== undefined && { proof }),
    open: members.filter((person) => !out.includes(person)),
  };
}

/** Returns the rule `id` about `operation` that has people approve it; without an id the only one. */
export function askingChangeRule({ changeRules }: Pick<Policy, "changeRules">, operation: string, id?: string) {
  const asking = changeRules.flatMap(({ id: own, operations, approval }) =>
    approval !== undefined && operations.has(operation) && (id === undefined || id === own)
      ? [{ id: own, approval }]
      : [],
  );
  return asking.length === 1 ? asking[0] : undefined;
}
