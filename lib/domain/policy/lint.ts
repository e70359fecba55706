import { parseArn } from "../arn.ts";
import { keyArnParts, parseKeyArn } from "../key/key-arn.ts";
import type { PolicyFault } from "./fault.ts";
import { isGlob, matchesGlob } from "./match/glob.ts";
import type { Conditions, PolicyDocument, RuleDocument } from "./schema.ts";

/**
 * What a sound policy may say and hardly can mean: rules that are never reached, an `allow` above a rule that protects some of its keys,
 * conditions that never match, people who can do nothing. Warns only of what is sure from the text alone.
 */
export function lintPolicy(policy: PolicyDocument): readonly PolicyFault[] {
  // Once for each rule: every pair of them is compared.
  const rules = policy.rules.map((rule): Read => ({ ...rule, leaves: leavesOf(rule.when) }));
  return [...rules.flatMap((rule, n) => [...orderOf(rules, rule, n), ...impossible(rule, n)]), ...idlePeople(policy)];
}

type Leaves = ReadonlyMap<string, Leaf>;

interface Read extends RuleDocument {
  /** Its conditions by their names. */
  readonly leaves: Leaves;
}

function orderOf(rules: readonly Read[], rule: Read, n: number): PolicyFault[] {
  const above = rules.slice(0, n);
  const shadow = above.find(({ leaves }) => covers(leaves, rule.leaves));
  if (shadow !== undefined)
    return [
      { path: ["rules", n], message: `is never reached: \`${shadow.id}\` above it matches whatever this rule does` },
    ];
  if (rule.then === "allow" || rule.when.key === undefined) return [];
  return above.flatMap(({ id, then, leaves }, at) => {
    if (then !== "allow" || !mayMeet(leaves, rule.leaves)) return [];
    const message = `also allows what \`${rule.id}\` below it protects; if that is not meant, put \`${rule.id}\` above \`${id}\``;
    return [{ path: ["rules", at], message }];
  });
}

type Values = readonly string[];

/** A list of values, told apart once: most are exact, and comparing patterns with each of them is what takes long. */
interface Listed {
  readonly values: Values;
  readonly exact: ReadonlySet<string>;
  readonly globs: Values;
}

/** Anything else, as text: two of them are told apart by it. */
interface Plain {
  readonly exact?: undefined;
  readonly text: string;
}

type Leaf = Listed | Plain;

/** Every condition of a rule by its name; those that are no list of values as they are. */
function leavesOf({ key = {}, requester = {}, request = {}, region, account }: Conditions): Leaves {
  const { tags, ...ofKey } = key;
  const fields: readonly (readonly [string, unknown])[] = [
    ...prefixed("key", ofKey),
    ...prefixed("key.tags", tags ?? {}),
    ...prefixed("requester", requester),
    ...prefixed("request", request),
    ["region", region],
    ["account", account],
  ];
  return new Map(fields.flatMap(([name, leaf]) => (leaf === undefined ? [] : [[name, leafOf(leaf)] as const])));
}

function prefixed(prefix: string, fields: object): (readonly [string, unknown])[] {
  return Object.entries(fields).map(([name, value]) => [`${prefix}.${name}`, value] as const);
}

function leafOf(value: unknown): Leaf {
  if (!Array.isArray(value)) return { text: JSON.stringify(value) };
  const values = value as Values;
  return { values, exact: new Set(values), globs: values.filter(isGlob) };
}

/** Whether `wide` matches whatever `narrow` does: each of its conditions follows from one of the other's. */
function covers(wide: Leaves, narrow: Leaves): boolean {
  for (const [name, leaf] of wide) {
    const other = narrow.get(name);
    if (other === undefined || !follows(leaf, other)) return false;
  }
  return true;
}

function follows(wide: Leaf, narrow: Leaf): boolean {
  if (wide.exact === undefined || narrow.exact === undefined)
    return wide.exact === undefined && narrow.exact === undefined && wide.text === narrow.text;
  // A loop: a thousand rules are half a million pairs.
  for (const value of narrow.values)
    if (!wide.exact.has(value) && !wide.globs.some((glob) => includes(glob, value))) return false;
  return true;
}

/** Whether everything that `value` matches is matched by `pattern` too; of two globs only where that is plain. */
function includes(pattern: string, value: string): boolean {
  return pattern === "*" || (!isGlob(value) && matchesGlob(pattern, value));
}

/** Whether one deletion could match both; conditions of different names never exclude each other. */
function mayMeet(a: Leaves, b: Leaves): boolean {
  return [...a].every(([name, leaf]) => {
    const other = b.get(name);
    if (other === undefined) return true;
    if (leaf.exact === undefined)
      return !/^(true|false)$/.test(leaf.text) || other.exact !== undefined || leaf.text === other.text;
    if (other.exact === undefined) return true;
    return leaf.values.some((one) => other.values.some((two) => overlap(one, two)));
  });
}

function overlap(a: string, b: string): boolean {
  if (isGlob(a) && isGlob(b)) return true;
  return isGlob(a) ? matchesGlob(a, b) : isGlob(b) ? matchesGlob(b, a) : a === b;
}

function impossible({ when }: RuleDocument, n: number): PolicyFault[] {
  const { key = {}, requester = {}, region, account } = when;
  const at = (path: readonly string[], message: string): PolicyFault => ({
    path: ["rules", n, "when", ...path],
    message,
  });
  const exact = (key.arn ?? []).filter((arn) => !isGlob(arn));
  const parsed = exact.flatMap((arn) => parseKeyArn(arn) ?? []);
  const none = exact
    .filter((arn) => parseKeyArn(arn) === undefined)
    .map((arn) => at(["key", "arn"], `\`${arn}\` is the ARN of no payment key`));
  const everyKey = parsed.length > 0 && parsed.length === (key.arn ?? []).length;
  const elsewhere = (values: Values | undefined, part: "region" | "account") =>
    everyKey &&
    values !== undefined &&
    parsed.every((arn) => !values.some((value) => matchesGlob(value, keyArnParts(arn)[part])));
  const named = (["role", "user", "person", "permissionSet"] as const).filter((name) => requester[name] !== undefined);
  const nobody = requester.known === false && named.length > 0;
  const strangers =
    requester.account !== undefined &&
    (requester.role ?? []).length > 0 &&
    (requester.role ?? []).every((role) => isForeign(role, requester.account ?? []));
  return [
    ...none,
    ...(elsewhere(region, "region") ? [at(["region"], "never matches: no key of key.arn is in such a region")] : []),
    ...(elsewhere(account, "account")
      ? [at(["account"], "never matches: no key of key.arn is in such an account")]
      : []),
    ...(nobody
      ? [at(["requester", "known"], `never matches: an unknown requester has no ${named.join(" and no ")}`)]
      : []),
    ...(strangers
      ? [at(["requester", "account"], "never matches: no role of requester.role is in such an account")]
      : []),
  ];
}

function isForeign(role: string, accounts: Values): boolean {
  const { service, account = "" } = parseArn(role) ?? {};
  return service === "iam" && /^\d{12}$/.test(account) && !accounts.includes(account);
}

function idlePeople({ people }: PolicyDocument): PolicyFault[] {
  return Object.entries(people).flatMap(([person, { slack, aws }]) =>
    slack === undefined && aws.length === 0
      ? [{ path: ["people", person], message: "has no identity: can neither vote nor be recognised" }]
      : [],
  );
}
