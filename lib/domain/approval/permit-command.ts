import type { Keep } from "../case/keep.ts";
import { type KeyArn, keyArnParts } from "../key/key-arn.ts";
import type { EntryBody } from "../ledger/entry.ts";
import type { PermitId, PermitName } from "../ledger/permit-name.ts";
import type { Permit } from "../ledger/permit-terms.ts";
import { hasAwsIdentity, personOfVoter } from "../people/directory.ts";
import { isReservedRole, parseRoleArn, parseUserArn } from "../people/iam-arn.ts";
import { type Voter, type VoteWay, voteWays } from "../people/vote.ts";
import type { Policy } from "../policy/policy.ts";
import { isRevokedBy } from "./permit.ts";
import { isOpen, type PlannedPermit } from "./planned-permit.ts";

/** Whom a permit is for, and what notice a deletion by it has to give. */
export interface PermitWish {
  /** Id of the rule that asks people about such a key; its only one where none is named. */
  readonly rule?: string;
  /** ARN of an IAM user or role. */
  readonly principal: string;
  /** Unique id of a role (`AROA...`): a role that is created again under the same ARN has another. */
  readonly roleId?: string;
  /** The person who may use it, where the principal is shared. */
  readonly person?: string;
  readonly minWaitingMs: number;
}

/** Returns whether a permit can be for `text`: the ARN of an IAM user or role. */
export function isPermitPrincipal(text: string): boolean {
  return parseUserArn(text) !== undefined || parseRoleArn(text) !== undefined;
}

/** Returns whether `roleId` fits `principal`: a role has to be pinned by its unique id, and a user has none. */
export function isPinned({ principal, roleId }: Pick<PermitWish, "principal" | "roleId">): boolean {
  return (parseRoleArn(principal) !== undefined) === (roleId !== undefined);
}

/** What a person wants done about a permit: request one, approve it, or revoke it. */
export type PermitCommand =
  | { readonly do: "request"; readonly keyArn: KeyArn; readonly wish: PermitWish; readonly reason: string }
  | { readonly do: "approve" | "revoke"; readonly name: PermitName; readonly reason: string };

export type PermitRefusal =
  | "stranger"
  | "foreign-key"
  /** The policy asks nobody about such a deletion by that name, or by several. */
  | "no-such-rule"
  | "unknown-person"
  /** A role of IAM Identity Center is shared by many. */
  | "person-needed"
  /** A role was not named by its unique id as well, or a user was. */
  | "role-id-needed"
  /** Even if everybody who has a say agreed, too few would. */
  | "unreachable"
  | "too-many"
  | "no-such-permit"
  | "not-of-the-group"
  /** The requester and the user of a permit cannot approve it. */
  | "own-permit"
  /** Was proven in a way that the rule does not count. */
  | "proof-not-accepted"
  | "already-approved"
  | "reason-missing"
  | "too-late"
  | "issued-already"
  /** Someone kept the key after the permit was requested. */
  | "kept-since"
  | "used-already"
  | "revoked-already"
  /** Its proof could no longer be verified when it was judged. */
  | "proof-expired";

export type PermitVerdict = PermitVerdictOf<PermitName>;

/** The verdict on a command; `Name` is what names such a permit. */
export type PermitVerdictOf<Name> =
  | {
      readonly kind: "requested";
      readonly name: Name;
      readonly from: string;
      readonly quorum: number;
      readonly deadline: number;
    }
  /** `approvals` of `quorum` are on record now. */
  | { readonly kind: "approved"; readonly approvals: number; readonly quorum: number; readonly from: string }
  | { readonly kind: "issued"; readonly until: number }
  | { readonly kind: "revoked" }
  | { readonly kind: "refused"; readonly why: PermitRefusal };

/** Open requests of one key at a time: a table is no place for requests without end. */
export const maxOpen = 20;

export interface PermitJudgement {
  /** What to add; to a chain of its own if it begins with a request. */
  readonly entries: readonly EntryBody[];
  readonly number: number;
  readonly verdict: PermitVerdict;
}

interface SubmittedCommand {
  readonly command: PermitCommand;
  readonly voter: Voter;
  /** ms since the epoch. */
  readonly now: number;
  /** The latest Keep of the key. */
  readonly keep?: Keep;
}

export type PermitTerms = Pick<Policy, "rules" | "default" | "directory">;

/** Judges a command. `known` are all permits of the key that were requested before its deletion, whatever their state. */
export function judgePermitCommand(
  known: readonly PlannedPermit[],
  policy: PermitTerms,
  submitted: SubmittedCommand,
): PermitJudgement {
  const { command, voter } = submitted;
  const person = personOfVoter(policy.directory, voter);
  if (person === undefined) return refused("stranger");
  if (command.do === "request") return judgeRequest(known, policy, { ...submitted, command, person });
  const permit = known.find(({ number }) => number === command.name.number);
  if (permit === undefined) return refused("no-such-permit");
  if (permit.revoked) return refused("revoked-already");
  if (permit.used) return refused("used-already");
  if (command.do === "approve") return judgeApproval(permit, policy, { ...submitted, command, person });
  const { reason } = command;
  // A revocation can only protect the key, so one person in the directory is enough.
  const revoked = { kind: "permit-revoked", permit: idOf(permit), by: person, voter, reason } as const;
  return { entries: [revoked], number: permit.number, verdict: { kind: "revoked" } };
}

type SubmittedRequest = SubmittedCommand & {
  readonly command: Extract<PermitCommand, { do: "request" }>;
  readonly person: string;
};

function judgeRequest(
  known: readonly PlannedPermit[],
  policy: PermitTerms,
  submitted: SubmittedRequest,
): PermitJudgement {
  const { command, voter, person, now } = submitted;
  const { keyArn, wish, reason } = command;
  const { directory } = policy;
  const asking = askingRule(policy, wish.rule);
  if (asking === undefined) return refused("no-such-rule");
  const subject = wish.person ?? directory.personByUser.get(wish.principal);
  if (wish.person !== undefined && !hasAwsIdentity(directory, wish.person)) return refused("unknown-person");
  if (subject === undefined && isReservedRole(wish.principal)) return refused("person-needed");
  if (!isPinned(wish)) return refused("role-id-needed");
  if (known.filter((each) => isOpen(each, now)).length >= maxOpen) return refused("too-many");
  const { id, approval } = asking;
  const having = (directory.members.get(approval.from) ?? []).filter((each) => each !== person && each !== subject);
  if (having.length < quorumOf(approval.quorum, subject)) return refused("unreachable");
  const number = Math.max(0, ...known.map((each) => each.number)) + 1;
  const deadline = now + approval.withinMs;
  const { principal, roleId, minWaitingMs } = wish;
  const requested = {
    ...({ kind: "permit-requested", keyArn, number, rule: id, principal, minWaitingMs, deadline } as const),
    ...(roleId !== undefined && { roleId }),
    ...(subject !== undefined && { subject }),
    ...{ voter, person, reason },
  };
  const quorum = quorumOf(approval.quorum, subject);
  const verdict = { kind: "requested", name: { keyArn, number }, from: approval.from, quorum, deadline } as const;
  return { entries: [requested], number, verdict };
}

type SubmittedApproval = SubmittedCommand & {
  readonly command: Exclude<PermitCommand, { do: "request" }>;
  readonly person: string;
};

function judgeApproval(permit: PlannedPermit, policy: PermitTerms, submitted: SubmittedApproval): PermitJudgement {
  const { command, voter, person, now, keep } = submitted;
  const { directory } = policy;
  const asking = askingRule(policy, permit.rule);
  if (asking === undefined) return refused("no-such-rule");
  const { from, quorum, proof, permitForMs } = asking.approval;
  const group = directory.members.get(from) ?? [];
  if (permit.issued !== undefined) return refused("issued-already");
  if (isRevokedBy(keep, permit)) return refused("kept-since");
  if (now >= permit.deadline) return refused("too-late");
  if (!group.includes(person)) return refused("not-of-the-group");
  if (person === permit.requestedBy || person === permit.person) return refused("own-permit");
  const accepted = (way: VoteWay) => proof === undefined || proof.includes(way);
  if (!accepted(voter.via)) return refused("proof-not-accepted");
  // Less those who have left the group since, and those who did not prove who they are as the rule asks now.
  const earlier = permit.approvals.filter((each) => group.includes(each.person) && accepted(each.via));
  if (earlier.some((each) => each.person === person)) return refused("already-approved");
  const approved = { kind: "permit-approved", voter, person, reason: command.reason } as const;
  const approvals = [...earlier, { person, via: voter.via }];
  const approvedBy = approvals.map((each) => each.person);
  const needed = quorumOf(quorum, permit.person);
  const verdict = { kind: "approved", approvals: approvedBy.length, quorum: needed, from } as const;
  if (approvedBy.length < needed) return { entries: [approved], number: permit.number, verdict };
  const { keyArn, principal, roleId, minWaitingMs, person: subject } = permit;
  const until = now + permitForMs;
  const issued: Permit = {
    ...{ keyArn, id: idOf(permit), principal, minWaitingMs },
    ...(roleId !== undefined && { roleId }),
    ...(subject !== undefined && { person: subject }),
    ...{ group: from, approvedBy, proof: voteWays.filter((way) => approvals.some(({ via }) => via === way)) },
    ...{ issuedAt: now, until },
  };
  // INVARIANT: the approval that completes the quorum and the permit are one write.
  return {
    entries: [approved, { kind: "permit-issued", permit: issued }],
    number: permit.number,
    verdict: { kind: "issued", until },
  };
}

/** Whether `keyArn` is a key of the stack's own account and region. */
export function isOwnKey(keyArn: KeyArn, stack: { readonly account: string; readonly region: string }): boolean {
  const { account, region } = keyArnParts(keyArn);
  return account === stack.account && region === stack.region;
}

function refused(why: PermitRefusal): PermitJudgement {
  return { entries: [], number: 0, verdict: { kind: "refused", why } };
}

function idOf({ number }: PlannedPermit): PermitId {
  return { by: "request", number };
}

/** INVARIANT: a principal who is not known as a person could be one of the approvers, so that one more has to agree. */
export function quorumOf(quorum: number, subject: string | undefined): number {
  return quorum + (subject === undefined ? 1 : 0);
}

/** The rule `id` with its approval if it asks people; without an id the only one that does. */
export function askingRule({ rules, default: fallback }: PermitTerms, id: string | undefined) {
  const asking = [...rules, { id: "default", effect: fallback }].flatMap(({ id: own, effect }) =>
    effect.outcome === "ask" && (id === undefined || id === own) ? [{ id: own, approval: effect.approval }] : [],
  );
  return asking.length === 1 ? asking[0] : undefined;
}
