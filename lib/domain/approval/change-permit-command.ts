import { recordedState } from "../change/change-entries.ts";
import type { ChangePermitName } from "../ledger/change-permit-name.ts";
import { changePermitText } from "../ledger/change-permit-name.ts";
import type { EntryBody } from "../ledger/entry.ts";
import type { State } from "../operations/state.ts";
import { type Subject, subjectText } from "../operations/subject.ts";
import { hasAwsIdentity, personOfVoter } from "../people/directory.ts";
import { isReservedRole } from "../people/iam-arn.ts";
import { type Voter, voteWays } from "../people/vote.ts";
import type { Policy } from "../policy/policy.ts";
import { type ChangePermit, isOpenPermit } from "./change-permit.ts";
import { askingChangeRule, changePermitStanding } from "./change-permit-standing.ts";
import {
  isPinned,
  maxOpen,
  type PermitRefusal,
  type PermitVerdictOf,
  type PermitWish,
  quorumOf,
} from "./permit-command.ts";

/** What a person wants done about a permit for a change: request one, approve it, or revoke it. */
export type ChangePermitCommand =
  | {
      readonly do: "request";
      readonly operation: string;
      readonly subject: Subject;
      readonly wish: Omit<PermitWish, "minWaitingMs"> & {
        /** The only state that the change may lead to. */
        readonly to?: State;
      };
      readonly reason: string;
    }
  | { readonly do: "approve" | "revoke"; readonly name: ChangePermitName; readonly reason: string };

export type ChangePermitVerdict = PermitVerdictOf<ChangePermitName>;

export type ChangePermitTerms = Pick<Policy, "changeRules" | "directory">;

export interface ChangePermitJudgement {
  /** What to add; to a chain of its own if it begins with a request. */
  readonly entries: readonly EntryBody[];
  readonly name?: ChangePermitName;
  readonly verdict: ChangePermitVerdict;
}

interface Submitted<Command> {
  readonly command: Command;
  readonly voter: Voter;
  /** ms since the epoch. */
  readonly now: number;
}

/** Judges a command. `known` are the permits for changes of the same subject by the same operation. */
export function judgeChangePermit(
  known: readonly ChangePermit[],
  policy: ChangePermitTerms,
  { command, ...rest }: Submitted<ChangePermitCommand>,
): ChangePermitJudgement {
  const person = personOfVoter(policy.directory, rest.voter);
  if (person === undefined) return refused("stranger");
  if (command.do === "request") return judgeRequest(known, policy, { ...rest, command, person });
  const { name } = command;
  const permit = known.find((each) => changePermitText(each.name) === changePermitText(name));
  if (permit === undefined) return refused("no-such-permit");
  if (permit.revoked !== undefined) return refused("revoked-already");
  if (permit.used !== undefined) return refused("used-already");
  if (command.do === "approve") return judgeApproval(permit, policy, { ...rest, command, person });
  // A revocation only protects the key: one person of the directory is enough.
  const isRefusal = permit.issued === undefined;
  const reason = command.reason.trim() === "" ? {} : { reason: command.reason };
  const revoked = {
    kind: "change-permit-revoked",
    by: person,
    voter: rest.voter,
    refused: isRefusal,
    ...reason,
  } as const;
  return { entries: [revoked], name, verdict: { kind: "revoked" } };
}

type SubmittedRequest = Submitted<Extract<ChangePermitCommand, { do: "request" }>> & { readonly person: string };

function judgeRequest(
  known: readonly ChangePermit[],
  policy: ChangePermitTerms,
  { command, voter, person, now }: SubmittedRequest,
): ChangePermitJudgement {
  const { operation, subject, wish, reason } = command;
  const { directory } = policy;
  const asking = askingChangeRule(policy, operation, wish.rule);
  if (asking === undefined) return refused("no-such-rule");
  if (wish.person !== undefined && !hasAwsIdentity(directory, wish.person)) return refused("unknown-person");
  const user = wish.person ?? directory.personByUser.get(wish.principal);
  if (user === undefined && isReservedRole(wish.principal)) return refused("person-needed");
  if (!isPinned(wish)) return refused("role-id-needed");
  const requested = known.filter(({ name }) => name.id.by === "request");
  if (requested.filter((each) => isOpenPermit(each, now)).length >= maxOpen) return refused("too-many");
  const { id, approval } = asking;
  const quorum = quorumOf(approval.quorum, user);
  const able = (directory.members.get(approval.from) ?? []).filter((each) => each !== person && each !== user);
  if (able.length < quorum) return refused("unreachable");
  const numbers = requested.flatMap(({ name }) => (name.id.by === "request" ? [name.id.number] : []));
  const number = Math.max(0, ...numbers) + 1;
  const deadline = now + approval.withinMs;
  const entry = {
    ...({ kind: "change-permit-requested", operation, subject: subjectText(subject), number, rule: id } as const),
    ...{ from: approval.from, quorum, principal: wish.principal, deadline, voter, person, reason },
    ...(wish.roleId !== undefined && { roleId: wish.roleId }),
    ...(user !== undefined && { user }),
    ...(wish.to !== undefined && { to: recordedState(wish.to) }),
  };
  const name: ChangePermitName = { operation, subject, id: { by: "request", number } };
  return { entries: [entry], name, verdict: { kind: "requested", name, from: approval.from, quorum, deadline } };
}

type SubmittedApproval = Submitted<Exclude<ChangePermitCommand, { do: "request" }>> & { readonly person: string };

function judgeApproval(
  permit: ChangePermit,
  policy: ChangePermitTerms,
  { command, voter, person, now }: SubmittedApproval,
): ChangePermitJudgement {
  const { name, request } = permit;
  const standing = changePermitStanding(permit, policy);
  if (standing === undefined) return refused("no-such-rule");
  const { from, quorum, proof, permitForMs, members, approvals: earlier } = standing;
  if (permit.issued !== undefined) return refused("issued-already");
  if (now >= request.deadline) return refused("too-late");
  if (!members.includes(person)) return refused("not-of-the-group");
  if (person === request.person || person === request.user) return refused("own-permit");
  if (proof !== undefined && !proof.includes(voter.via)) return refused("proof-not-accepted");
  if (earlier.some((each) => each.person === person)) return refused("already-approved");
  if (command.reason.trim() === "") return refused("reason-missing");
  const approved = { kind: "permit-approved", voter, person, reason: command.reason } as const;
  const approvals = [...earlier, { person, via: voter.via }];
  const verdict = { kind: "approved", approvals: approvals.length, quorum, from } as const;
  if (approvals.length < quorum) return { entries: [approved], name, verdict };
  const until = now + permitForMs;
  const issued = {
    ...({ kind: "change-permit-issued", group: from, until } as const),
    approvedBy: approvals.map((each) => each.person),
    proof: voteWays.filter((way) => approvals.some(({ via }) => via === way)),
  };
  // INVARIANT: the approval that completes the quorum and the permit are one write.
  return { entries: [approved, issued], name, verdict: { kind: "issued", until } };
}

function refused(why: PermitRefusal): ChangePermitJudgement {
  return { entries: [], verdict: { kind: "refused", why } };
}
