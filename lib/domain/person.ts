import type { Requester } from "./requester.ts";

/** What the policy says of identities: who is one person, and which accounts and roles are believed to name one. */
export interface Directory {
  /** AWS identity (IAM user ARN, or the name an Identity Center session or a source identity carries) -> person. */
  readonly personByIdentity: ReadonlyMap<string, string>;
  readonly trustsAccount: (account: string) => boolean;
  readonly trustsSourceIdentityFrom: (roleArn: string) => boolean;
}

/**
 * The person behind `requester`, if the directory knows one. Anybody may choose the session name of an ordinary role, so only a
 * session of IAM Identity Center names a person, and only in a trusted account; a source identity only from a listed role.
 */
export function personOf(directory: Directory, requester: Requester): string | undefined {
  const { personByIdentity, trustsAccount, trustsSourceIdentityFrom } = directory;
  if (requester.kind === "user") return personByIdentity.get(requester.userArn);
  if (requester.kind !== "role-session" || !trustsAccount(requester.account)) return undefined;
  const { sourceIdentity, roleArn, permissionSet, sessionName } = requester;
  if (sourceIdentity !== undefined && trustsSourceIdentityFrom(roleArn)) return personByIdentity.get(sourceIdentity);
  if (permissionSet !== undefined && sessionName !== undefined) return personByIdentity.get(sessionName);
  return undefined;
}
