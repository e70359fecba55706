import { type Arn, parseArn } from "../arn.ts";
import type { KeyArn } from "../key/key-arn.ts";
import type { Statement } from "../operations/resource-policy/document.ts";
import { parseRoleArn, parseRoleSessionArn } from "../people/iam-arn.ts";
import { matchesGlob } from "../policy/match/glob.ts";

/** The calls that a restore needs, and that a key's resource policy can deny. */
export type RestoringCall = "GetKey" | "RestoreKey" | "StartKeyUsage";

/** Who was refused what. */
export interface LockOut {
  readonly keyArn: KeyArn;
  /** ARNs of the stack's own roles. */
  readonly roles: readonly string[];
  readonly calls: readonly RestoringCall[];
}

/**
 * How a statement bears on a lock-out. `denies`: it is an unconditional Deny of a refused call that names a role of the stack, or everyone.
 * `may-deny`: it is a Deny that may cover the call, and has a condition or an element that excludes. `other`: it does not cover the call.
 */
export type Bearing = "denies" | "may-deny" | "other";

/** Elements that say who or what is left out, so that a statement covers what nobody listed. */
const excluding = ["NotPrincipal", "NotAction", "NotResource"];
const known = new Set(["Sid", "Effect", "Principal", "Action", "Resource", "Condition"]);

/** Returns how `statement` bears on `lockOut`. Never throws, whatever the statement holds. */
export function bearingOf(statement: Statement, lockOut: LockOut): Bearing {
  if (statement["Effect"] !== "Deny") return "other";
  const excludes = excluding.some((name) => name in statement);
  const covers =
    (excludes || namesUs(statement["Principal"], lockOut)) &&
    ("NotAction" in statement || coversCall(statement["Action"], lockOut)) &&
    ("NotResource" in statement || coversKey(statement["Resource"], lockOut));
  if (!covers) return "other";
  const isPlain = !excludes && !hasCondition(statement) && Object.keys(statement).every((name) => known.has(name));
  return isPlain ? "denies" : "may-deny";
}

/** An empty condition is none. Anything else in its place is not understood, and so is one. */
function hasCondition({ Condition: condition }: Statement): boolean {
  if (condition === undefined) return false;
  return typeof condition !== "object" || condition === null || Object.keys(condition).length > 0;
}

function namesUs(principal: unknown, { roles, keyArn }: LockOut): boolean {
  if (principal === "*") return true;
  if (typeof principal !== "object" || principal === null) return false;
  const names = textsIn((principal as Statement)["AWS"]);
  const own = roles.flatMap((role) => parseRoleArn(role) ?? []);
  const account = parseArn(keyArn)?.account;
  return names.some((name) => name === "*" || name === account || own.some((role) => isRole(name, role)));
}

/** By the role's ARN, that of one of its sessions, or that of the account with everyone in it. */
function isRole(name: string, { account, path, name: roleName }: Arn): boolean {
  const role = parseRoleArn(name);
  if (role !== undefined) return role.account === account && role.path === path && role.name === roleName;
  const session = parseRoleSessionArn(name);
  if (session !== undefined) return session.account === account && session.roleName === roleName;
  return name === `arn:aws:iam::${account}:root`;
}

function coversCall(action: unknown, { calls }: LockOut): boolean {
  // IAM compares actions without regard to case.
  const patterns = textsIn(action).map((each) => each.toLowerCase());
  return calls.some((call) =>
    patterns.some((pattern) => matchesGlob(pattern, `payment-cryptography:${call.toLowerCase()}`)),
  );
}

/** The service takes `*` or the key's own ARN. */
function coversKey(resource: unknown, { keyArn }: LockOut): boolean {
  return textsIn(resource).some((each) => each === "*" || each === keyArn);
}

function textsIn(value: unknown): readonly string[] {
  return [value].flat().filter((each): each is string => typeof each === "string");
}
