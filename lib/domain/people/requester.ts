/**
 * Who asked for the deletion, as CloudTrail told it. Session names are chosen by the caller and are evidence, never
 * authority, except in a role of IAM Identity Center, whose session name is the person.
 */
export type Requester =
  | {
      readonly kind: "role-session";
      readonly account: string;
      /** ARN of the role itself, with its path (`sessionContext.sessionIssuer.arn`). */
      readonly roleArn: string;
      /** Unique id of the role, `AROA...`: survives no deletion and recreation of the role, so it cannot be taken over. */
      readonly roleId?: string;
      readonly sessionName?: string;
      /** Name of the IAM Identity Center permission set, when the role is one of Identity Center's own. */
      readonly permissionSet?: string;
      readonly sourceIdentity?: string;
      readonly mfa?: boolean;
    }
  | {
      readonly kind: "user";
      readonly account: string;
      readonly userArn: string;
      readonly userId?: string;
      readonly mfa?: boolean;
      readonly sourceIdentity?: string;
    }
  | { readonly kind: "root"; readonly account: string; readonly mfa?: boolean }
  | { readonly kind: "federated-user"; readonly account: string; readonly arn: string }
  | { readonly kind: "identity-center-user"; readonly account?: string; readonly userId: string }
  | { readonly kind: "account"; readonly account: string }
  | { readonly kind: "service"; readonly service: string; readonly account?: string }
  | { readonly kind: "unknown" };

/** The stable name of a requester for records and counters: an ARN where there is one. */
export function principalOf(requester: Requester): string {
  switch (requester.kind) {
    case "role-session":
      return requester.roleArn;
    case "user":
      return requester.userArn;
    case "root":
      return `arn:aws:iam::${requester.account}:root`;
    case "federated-user":
      return requester.arn;
    case "identity-center-user":
      return `identity-center-user:${requester.userId}`;
    case "account":
      return `account:${requester.account}`;
    case "service":
      return `service:${requester.service}`;
    case "unknown":
      return "unknown";
  }
}
