import { listOf, type PrincipalElement } from "./document.ts";

/** An authenticated caller. */
export interface Principal {
  readonly account: string;
  /** Of the user, or of the role's session. */
  readonly arn: string;
  /** Of the session's role, with its path. */
  readonly roleArn?: string;
}

/** `account`: the element names the caller's account, which leaves the decision to the account's own policies. */
export type PrincipalMatch = "exact" | "account" | "none";

/** Returns how a Principal element names `principal`. No wildcard but a lone `*` means anything here. */
export function principalMatch(element: PrincipalElement, principal: Principal): PrincipalMatch {
  const matches = namesIn(element).map((name) => matchOf(name, principal));
  return matches.find((each) => each === "exact") ?? matches.find((each) => each === "account") ?? "none";
}

/** The callers in AWS accounts that an element names. A service or a federation is nobody who calls here. */
function namesIn(element: PrincipalElement): readonly string[] {
  return element === "*" ? ["*"] : listOf(element["AWS"]);
}

function matchOf(name: string, { account, arn, roleArn }: Principal): PrincipalMatch {
  if (name === "*" || name === arn || name === roleArn) return "exact";
  return name === account || name === `arn:aws:iam::${account}:root` ? "account" : "none";
}
