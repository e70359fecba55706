import { namesResource } from "./arn-pattern.ts";
import { conditionsHold } from "./condition.ts";
import { listOf, type PolicyDocument, type Statement } from "./document.ts";
import { type Context, patternOf } from "./pattern.ts";
import { type Principal, type PrincipalMatch, principalMatch } from "./principal.ts";

/** A call, as a resource-based policy sees it. */
export interface PolicyRequest {
  readonly principal: Principal;
  /** Such as `payment-cryptography:GetKey`. */
  readonly action: string;
  /** An ARN. */
  readonly resource: string;
  readonly context: Context;
}

/**
 * `allowed`: the caller is named, and within the account nothing else is needed. `allowed-for-account`: the account is
 * named, and its identity policies decide. `silent`: no statement applies.
 */
export type ResourceVerdict = "denied" | "allowed" | "allowed-for-account" | "silent";

/**
 * Returns what a resource-based policy says by IAM's rules: an explicit deny wins over every allow, also one that names
 * the whole account.
 */
export function judgeByPolicy({ Statement }: PolicyDocument, request: PolicyRequest): ResourceVerdict {
  const applying = listOf(Statement)
    .map((statement) => ({ effect: statement.Effect, match: matchOf(statement, request) }))
    .filter(({ match }) => match !== "none");
  if (applying.some(({ effect }) => effect === "Deny")) return "denied";
  if (applying.some(({ match }) => match === "exact")) return "allowed";
  return applying.length > 0 ? "allowed-for-account" : "silent";
}

function matchOf(statement: Statement, request: PolicyRequest): PrincipalMatch {
  return actionMatches(statement, request) &&
    resourceMatches(statement, request) &&
    conditionsHold(statement.Condition, request.context)
    ? callerMatch(statement, request)
    : "none";
}

/** IAM asks that NotPrincipal list session, role and account; here, as in iam-simulate, any of them exempts the caller. */
function callerMatch({ Principal, NotPrincipal }: Statement, { principal }: PolicyRequest): PrincipalMatch {
  if (Principal !== undefined) return principalMatch(Principal, principal);
  return NotPrincipal !== undefined && principalMatch(NotPrincipal, principal) === "none" ? "exact" : "none";
}

/** Actions are compared without regard to case, and know no variables. */
function actionMatches({ Action, NotAction }: Statement, { action }: PolicyRequest): boolean {
  const names = (patterns: Statement["Action"]) =>
    listOf(patterns).some((each) => patternOf(each, new Map(), { wildcards: true, ignoreCase: true })(action));
  return Action === undefined ? NotAction !== undefined && !names(NotAction) : names(Action);
}

function resourceMatches({ Resource, NotResource }: Statement, { resource, context }: PolicyRequest): boolean {
  const names = (patterns: Statement["Resource"]) =>
    listOf(patterns).some((each) => namesResource(each, resource, context));
  return Resource === undefined ? NotResource !== undefined && !names(NotResource) : names(Resource);
}

/** What the caller's own policies add to the key's. */
export interface CallerSide {
  readonly identityAllows: boolean;
  readonly sameAccount: boolean;
}

/** Tells whether a call is allowed: within the account either side may allow it, across accounts both must. */
export function isPermitted(verdict: ResourceVerdict, { identityAllows, sameAccount }: CallerSide): boolean {
  if (verdict === "denied") return false;
  if (sameAccount) return identityAllows || verdict === "allowed";
  return identityAllows && verdict !== "silent";
}
