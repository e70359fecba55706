import { type Arn, parseArn } from "../arn.ts";

/** The session of an assumed role. STS gives the role's name without its path. */
export interface RoleSessionArn {
  readonly account: string;
  readonly roleName: string;
  readonly sessionName: string;
}

/** IAM documents a path as `/`, or as any characters from `!` to `~` between two of them; a colon is one of these. */
const path = /^\/(?:[!-~]{1,510}\/)?$/;
const name = /^[\w+=,.@-]{1,64}$/;

/** Parses the ARN of an IAM role, or returns undefined for anything else. */
export function parseRoleArn(text: string): Arn | undefined {
  return iamResource(text, "role");
}

/** Parses the ARN of an IAM user, or returns undefined for anything else. */
export function parseUserArn(text: string): Arn | undefined {
  return iamResource(text, "user");
}

/** Parses the ARN of an account's root user, or returns undefined for anything else. */
export function parseRootArn(text: string): Arn | undefined {
  const arn = inAccount(text, "iam", "root");
  return arn?.path === "" ? arn : undefined;
}

/** Parses the ARN of an assumed role's session, or returns undefined for anything else. */
export function parseRoleSessionArn(text: string): RoleSessionArn | undefined {
  const arn = inAccount(text, "sts", "assumed-role");
  const roleName = arn?.path.slice(1, -1) ?? "";
  if (arn === undefined || arn.name === "" || !name.test(roleName)) return undefined;
  return { account: arn.account, roleName, sessionName: arn.name };
}

/** Parses the ARN of a federated user's session, or returns undefined for anything else. */
export function parseFederatedUserArn(text: string): Arn | undefined {
  const arn = inAccount(text, "sts", "federated-user");
  return arn?.path === "/" && arn.name !== "" ? arn : undefined;
}

/** The only paths at which IAM Identity Center creates roles: without a Region where its home Region is us-east-1. */
const identityCenterPath = /^\/aws-reserved\/sso\.amazonaws\.com\/(?:[a-z]{2}(?:-[a-z]{1,16}){1,2}-\d{1,2}\/)?$/;

/**
 * Returns the permission set behind `role`, or undefined when it is not a role of IAM Identity Center. Nobody else can create a role at
 * exactly this path; a name alone, or a path that contains this one, proves nothing.
 */
export function permissionSetOf(role: Arn): string | undefined {
  if (!identityCenterPath.test(role.path)) return undefined;
  return /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(role.name)?.[1];
}

/** Returns whether `text` is the ARN of a role that AWS keeps for itself, which many people may share. */
export function isReservedRole(text: string): boolean {
  return parseRoleArn(text)?.path.startsWith("/aws-reserved/") ?? false;
}

function iamResource(text: string, type: "role" | "user"): Arn | undefined {
  const arn = inAccount(text, "iam", type);
  return arn !== undefined && path.test(arn.path) && name.test(arn.name) ? arn : undefined;
}

function inAccount(text: string, service: "iam" | "sts", type: string): Arn | undefined {
  const arn = parseArn(text);
  const right = arn?.partition === "aws" && arn.service === service && arn.region === "" && arn.resourceType === type;
  return right && /^\d{12}$/.test(arn.account) ? arn : undefined;
}
