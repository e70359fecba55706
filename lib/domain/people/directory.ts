import type { Requester } from "./requester.ts";
import type { Voter } from "./vote.ts";

type RoleSession = Extract<Requester, { kind: "role-session" }>;

/** What the policy says of identities: who is one person, and which accounts and roles are believed to name one. */
export interface Directory {
  /** ARN of an IAM user -> person. */
  readonly personByUser: ReadonlyMap<string, string>;
  /** Name that an Identity Center session or a source identity carries -> person. Compared exactly; a name is never an ARN. */
  readonly personByName: ReadonlyMap<string, string>;
  readonly trustsAccount: (account: string) => boolean;
  /** By the role's exact ARN or its unique id. */
  readonly trustsSourceIdentityFrom: (role: Pick<RoleSession, "roleArn" | "roleId">) => boolean;
  /** Slack member id -> person. */
  readonly personBySlack: ReadonlyMap<string, string>;
  /** Group -> its persons. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  /** Unique ids (`AROA...`) of the roles of IAM Identity Center whose session name is believed when someone votes without Slack. */
  readonly voterRoles: ReadonlySet<string>;
}

/**
 * The person behind `requester`, if the directory knows one. Anyone may choose the session name of an ordinary role, so only a
 * session of IAM Identity Center names a person, and only in a trusted account; a source identity only from a listed role.
 */
export function personOf(directory: Directory, requester: Requester): string | undefined {
  const { personByUser, personByName, trustsAccount, trustsSourceIdentityFrom } = directory;
  if (requester.kind === "user") return personByUser.get(requester.userArn);
  if (requester.kind !== "role-session" || !trustsAccount(requester.account)) return undefined;
  const { sourceIdentity, permissionSet, sessionName } = requester;
  if (sourceIdentity !== undefined && trustsSourceIdentityFrom(requester)) return personByName.get(sourceIdentity);
  if (permissionSet !== undefined && sessionName !== undefined) return personByName.get(sessionName);
  return undefined;
}

/**
 * The person who voted, if the directory knows one. In Slack by the member id only: display names and e-mail addresses can be
 * changed by their owner. In AWS by the user's ARN, or by the session of a role whose unique id is listed: STS tells no path, so
 * that a role of anyone's that is named like one of Identity Center's could not be distinguished from it.
 */
export function personOfVoter(
  { personByUser, personByName, personBySlack, voterRoles }: Directory,
  voter: Voter,
): string | undefined {
  if (voter.via === "slack") return personBySlack.get(voter.userId);
  const [roleId = "", sessionName, ...more] = voter.userId.split(":");
  if (sessionName === undefined) return personByUser.get(voter.arn);
  return more.length === 0 && voterRoles.has(roleId) ? personByName.get(sessionName) : undefined;
}

/** Returns whether the directory knows `person` by an identity of AWS. */
export function hasAwsIdentity({ personByUser, personByName }: Directory, person: string): boolean {
  return [personByUser, personByName].some((persons) => [...persons.values()].includes(person));
}
