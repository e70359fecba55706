import type { VoteWay } from "../people/vote.ts";
import type { PolicyFault } from "./fault.ts";
import { didYouMean } from "./match/did-you-mean.ts";
import type { PolicyDocument, RuleDocument } from "./schema.ts";

type Path = readonly (string | number)[];
type Person = PolicyDocument["people"][string];

/** Every decision that asks a group records all of its people, and a case has room for so many. */
const maxApprovers = 50;

/** The requester may be one of the group and never approves; an unknown one raises the quorum by one. */
export function checkApproval(
  policy: PolicyDocument,
  { from, quorum, proof }: NonNullable<RuleDocument["approval"]>,
  path: Path,
): PolicyFault[] {
  const group = Object.entries(policy.people).filter(([, { groups }]) => groups.includes(from));
  if (group.length === 0) {
    const groups = [...new Set(Object.values(policy.people).flatMap((person) => person.groups))];
    const message = `nobody belongs to the group \`${from}\`${didYouMean(from, groups)}`;
    return [{ path: [...path, "from"], message }];
  }
  if (group.length > maxApprovers) {
    const message = `\`${from}\` has ${group.length} people; expected at most ${maxApprovers} in a group that decides`;
    return [{ path: [...path, "from"], message }];
  }
  const barred = proof === undefined ? [] : withoutProof(policy, group, proof);
  const members = group.filter(([, person]) => canVote(policy, person, proof)).length;
  if (barred.length > 0)
    return [
      {
        path: [...path, "proof"],
        message: `${barred.join(" and ")} of \`${from}\` could not approve: ${missing(proof ?? [])}`,
      },
    ];
  if (quorum + 1 <= members) return [];
  const sum = `${members} members who can vote, one of whom may be the requester, or an unknown requester who raises the quorum to ${quorum + 1}`;
  return [{ path: [...path, "quorum"], message: `nobody could reach a quorum of ${quorum}: \`${from}\` has ${sum}` }];
}

/** Those of a group who can approve by no way that counts. */
function withoutProof(policy: PolicyDocument, group: readonly [string, Person][], proof: readonly VoteWay[]): string[] {
  return group.flatMap(([name, person]) => (canVote(policy, person, proof) ? [] : [`\`${name}\``]));
}

function missing(proof: readonly VoteWay[]): string {
  return proof.includes("aws")
    ? "a vote proven by AWS takes the ARN of an IAM user, or a session's name and its role's id in trust.votersFrom"
    : "a vote by Slack takes a Slack member id";
}

function canVote({ trust }: PolicyDocument, { slack, aws }: Person, proof: readonly VoteWay[] | undefined): boolean {
  if (proof === undefined) return slack !== undefined || aws.length > 0;
  const proven = aws.some((identity) => identity.startsWith("arn:") || trust.votersFrom.length > 0);
  return (proof.includes("slack") && slack !== undefined) || (proof.includes("aws") && proven);
}
