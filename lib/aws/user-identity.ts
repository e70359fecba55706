import * as v from "valibot";
import type { Requester } from "../domain/requester.ts";
import { wellFormed } from "../domain/well-formed.ts";

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
 * Returns the requester that a CloudTrail `userIdentity` element names. Every field may be missing (docs/aws-facts.md#who-called). A field
 * that is malformed or contradicts another one makes the requester unknown: nothing is guessed.
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
  if (/^arn:aws:sts::\d{12}:assumed-role\//.test(arn)) return "AssumedRole";
  if (/^arn:aws:sts::\d{12}:federated-user\//.test(arn)) return "FederatedUser";
  if (/^arn:aws:iam::\d{12}:user\//.test(arn)) return "IAMUser";
  if (/^arn:aws:iam::\d{12}:root$/.test(arn)) return "Root";
  return arn === "" && invokedBy !== undefined ? "AWSService" : undefined;
}

function withAccount({ accountId }: Identity, make: (account: string) => Requester): Requester {
  return accountId === undefined ? unknown : make(accountId);
}

function userFrom(identity: Identity): Requester {
  const { arn, principalId } = identity;
  if (arn === undefined || accountIn(arn, "iam", "user/") !== identity.accountId) return unknown;
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
  const roleArn = issuer?.arn;
  const account = roleArn === undefined ? undefined : accountIn(roleArn, "iam", "role/");
  if (roleArn === undefined || account === undefined || !fits(identity, roleArn, account)) return unknown;
  const permissionSet = permissionSetOf(roleArn);
  const sessionName = sessionNameOf(identity);
  return {
    kind: "role-session",
    account,
    roleArn,
    ...(issuer?.principalId?.startsWith("AROA") && { roleId: issuer.principalId }),
    ...(sessionName !== undefined && { sessionName }),
    ...(permissionSet !== undefined && { permissionSet }),
    ...sourceIdentityOf(identity),
    ...mfaOf(identity),
  };
}

function fits({ arn, accountId }: Identity, roleArn: string, account: string): boolean {
  if (accountId !== undefined && accountId !== account) return false;
  if (arn === undefined || arn === roleArn) return true;
  const session = /^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn);
  return session !== null && session[1] === account && session[2] === roleArn.slice(roleArn.lastIndexOf("/") + 1);
}

/** A role is Identity Center's own by its path, which nobody else can create; a name alone proves nothing. */
function permissionSetOf(roleArn: string): string | undefined {
  const match = /:role\/aws-reserved\/sso\.amazonaws\.com\/(?:[a-z0-9-]+\/)?AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(
    roleArn,
  );
  return match?.[1];
}

function sessionNameOf({ arn, principalId }: Identity): string | undefined {
  const fromArn = arn?.startsWith("arn:aws:sts:") ? arn.split("/").slice(2).join("/") : undefined;
  return fromArn || principalId?.split(":").slice(1).join(":") || undefined;
}

function federatedUserFrom(identity: Identity): Requester {
  const { arn } = identity;
  if (arn === undefined || accountIn(arn, "sts", "federated-user/") !== identity.accountId) return unknown;
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

function accountIn(arn: string, service: "iam" | "sts", resource: string): string | undefined {
  const [prefix, partition, name, region, account = "", ...rest] = arn.split(":");
  const right = prefix === "arn" && partition === "aws" && name === service && region === "";
  return right && /^\d{12}$/.test(account) && rest.join(":").startsWith(resource) ? account : undefined;
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
