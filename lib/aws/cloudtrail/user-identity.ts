import * as v from "valibot";
import type { Arn } from "../../domain/arn.ts";
import {
  parseFederatedUserArn,
  parseRoleArn,
  parseRoleSessionArn,
  parseRootArn,
  parseUserArn,
  permissionSetOf,
} from "../../domain/people/iam-arn.ts";
import type { Requester } from "../../domain/people/requester.ts";
import { wellFormed } from "../../domain/well-formed.ts";

const text = v.optional(
  v.pipe(
    v.string(),
    v.maxLength(2048),
    v.transform((value) => wellFormed(value)),
  ),
);

const identitySchema = v.object({
  type: text,
  arn: text,
  principalId: text,
  accountId: v.optional(v.pipe(v.string(), v.regex(/^\d{12}$/))),
  invokedBy: text,
  onBehalfOf: v.optional(v.object({ userId: text })),
  sessionContext: v.optional(
    v.object({
      sessionIssuer: v.optional(v.object({ arn: text, principalId: text })),
      attributes: v.optional(v.object({ mfaAuthenticated: v.optional(v.union([v.string(), v.boolean()])) })),
      sourceIdentity: text,
    }),
  ),
});

type Identity = v.InferOutput<typeof identitySchema>;

const unknown: Requester = { kind: "unknown" };

/**
 * Returns the requester that a CloudTrail `userIdentity` element names, once its empty members are dropped. Every member may be missing
 * (docs/aws-facts.md#who-called). A member that is malformed or contradicts another one makes the requester unknown: nothing is guessed.
 */
export function requesterFrom(userIdentity: unknown): Requester {
  const parsed = v.safeParse(identitySchema, userIdentity);
  if (!parsed.success) return unknown;
  const identity = parsed.output;
  switch (identity.type ?? typeByArn(identity)) {
    case "Root":
      return withAccount(identity, (account) => ({ kind: "root", account, ...mfaOf(identity) }));
    case "IAMUser":
      return userFrom(identity);
    case "AssumedRole":
    case "Role":
      return roleSessionFrom(identity);
    case "FederatedUser":
      return federatedUserFrom(identity);
    case "AWSAccount":
      return withAccount(identity, (account) => ({ kind: "account", account }));
    case "AWSService":
      return serviceFrom(identity);
    case "IdentityCenterUser":
      return identityCenterUserFrom(identity);
    default:
      return unknown;
  }
}

/** AWS's published record of this service has no `type`: the form of the ARN tells. */
function typeByArn({ arn = "", invokedBy }: Identity): string | undefined {
  if (parseRoleSessionArn(arn) !== undefined) return "AssumedRole";
  if (parseFederatedUserArn(arn) !== undefined) return "FederatedUser";
  if (parseUserArn(arn) !== undefined) return "IAMUser";
  if (parseRootArn(arn) !== undefined) return "Root";
  return arn === "" && invokedBy !== undefined ? "AWSService" : undefined;
}

function withAccount({ accountId }: Identity, make: (account: string) => Requester): Requester {
  return accountId === undefined ? unknown : make(accountId);
}

function userFrom(identity: Identity): Requester {
  const { arn, principalId } = identity;
  if (arn === undefined || parseUserArn(arn)?.account !== identity.accountId) return unknown;
  return withAccount(identity, (account) => ({
    kind: "user",
    account,
    userArn: arn,
    ...(principalId !== undefined && { userId: principalId }),
    ...mfaOf(identity),
    ...sourceIdentityOf(identity),
  }));
}

/** The stable identity is the session's issuer: the session ARN lacks the role's path, and its last part is the caller's choice. */
function roleSessionFrom(identity: Identity): Requester {
  const issuer = identity.sessionContext?.sessionIssuer;
  const roleArn = issuer?.arn ?? "";
  const role = parseRoleArn(roleArn);
  if (role === undefined || !fits(identity, roleArn, role)) return unknown;
  const permissionSet = permissionSetOf(role);
  const sessionName = sessionNameOf(identity);
  return {
    kind: "role-session",
    account: role.account,
    roleArn,
    ...(issuer?.principalId?.startsWith("AROA") && { roleId: issuer.principalId }),
    ...(sessionName !== undefined && { sessionName }),
    ...(permissionSet !== undefined && { permissionSet }),
    ...sourceIdentityOf(identity),
    ...mfaOf(identity),
  };
}

function fits({ arn, accountId }: Identity, roleArn: string, { account, name }: Arn): boolean {
  if (accountId !== undefined && accountId !== account) return false;
  if (arn === undefined || arn === roleArn) return true;
  const session = parseRoleSessionArn(arn);
  return session !== undefined && session.account === account && session.roleName === name;
}

function sessionNameOf({ arn = "", principalId }: Identity): string | undefined {
  return parseRoleSessionArn(arn)?.sessionName ?? (principalId?.split(":").slice(1).join(":") || undefined);
}

function federatedUserFrom(identity: Identity): Requester {
  const { arn } = identity;
  if (arn === undefined || parseFederatedUserArn(arn)?.account !== identity.accountId) return unknown;
  return withAccount(identity, (account) => ({ kind: "federated-user", account, arn }));
}

function serviceFrom({ invokedBy, accountId }: Identity): Requester {
  if (!invokedBy) return unknown;
  return { kind: "service", service: invokedBy, ...(accountId !== undefined && { account: accountId }) };
}

function identityCenterUserFrom({ onBehalfOf, accountId }: Identity): Requester {
  if (!onBehalfOf?.userId) return unknown;
  return {
    kind: "identity-center-user",
    userId: onBehalfOf.userId,
    ...(accountId !== undefined && { account: accountId }),
  };
}

function mfaOf({ sessionContext }: Identity): { mfa?: boolean } {
  const used = sessionContext?.attributes?.mfaAuthenticated;
  if (used === undefined) return {};
  return { mfa: used === true || used === "true" };
}

function sourceIdentityOf({ sessionContext }: Identity): { sourceIdentity?: string } {
  const sourceIdentity = sessionContext?.sourceIdentity;
  return sourceIdentity ? { sourceIdentity } : {};
}
