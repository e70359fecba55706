import type { PolicyFault } from "./fault.ts";
import { lintWeakening } from "./lint-weakening.ts";
import { arnMatcher } from "./match/arn-pattern.ts";
import { isGlob, matchesGlob } from "./match/glob.ts";
import type { Conditions, PolicyDocument, RuleDocument } from "./schema.ts";

/**
 * What a sound policy may say and hardly can mean: rules that are never reached, an `allow` above a rule that protects some of its keys,
 * conditions that narrow nothing where the outcome is weaker, people who can do nothing. Warns only of what is sure from the text alone.
 */
export function lintPolicy(policy: PolicyDocument): readonly PolicyFault[] {
  // Once for each rule: every pair of them is compared.
  const rules = policy.rules.map((rule): Read => ({ ...rule, leaves: leavesOf(rule.when) }));
  return [...rules.flatMap((rule, n) => orderOf(rules, rule, n)), ...lintWeakening(policy), ...idlePeople(policy)];
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

/** A list of values, distinguished once: most are exact, and comparing patterns with each of them is what takes long. */
interface Listed {
  readonly values: Values;
  readonly exact: ReadonlySet<string>;
  readonly globs: Values;
  /** Whether a pattern matches an exact value, as the condition itself compares them. */
  readonly matches: (pattern: string, value: string) => boolean;
}

/** Anything else, as text: two of them are distinguished by it. */
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
  return new Map(fields.flatMap(([name, leaf]) => (leaf === undefined ? [] : [[name, leafOf(name, leaf)] as const])));
}

function prefixed(prefix: string, fields: object): (readonly [string, unknown])[] {
  return Object.entries(fields).map(([name, value]) => [`${prefix}.${name}`, value] as const);
}

/** Conditions that compare ARNs, part by part. */
const arnConditions = ["key.arn", "requester.role", "requester.user"];

function leafOf(name: string, value: unknown): Leaf {
  if (!Array.isArray(value)) return { text: JSON.stringify(value) };
  const values = value as Values;
  const matches = arnConditions.includes(name) ? matchesArnText : matchesGlob;
  return { values, exact: new Set(values), globs: values.filter(isGlob), matches };
}

function matchesArnText(pattern: string, value: string): boolean {
  return arnMatcher([pattern])(value);
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
  const { exact, globs, matches } = wide;
  // Of two globs only where it is plain that one includes the other.
  const includes = (pattern: string, value: string) => pattern === "*" || (!isGlob(value) && matches(pattern, value));
  // A loop: a thousand rules are half a million pairs.
  for (const value of narrow.values)
    if (!exact.has(value) && !globs.some((glob) => includes(glob, value))) return false;
  return true;
}

/** Whether one deletion could match both; conditions of different names never exclude each other. */
function mayMeet(a: Leaves, b: Leaves): boolean {
  return [...a].every(([name, leaf]) => {
    const other = b.get(name);
    if (other === undefined) return true;
    if (leaf.exact === undefined)
      return !/^(true|false)$/.test(leaf.text) || other.exact !== undefined || leaf.text === other.text;
    if (other.exact === undefined) return true;
    return leaf.values.some((one) => other.values.some((two) => overlap(leaf, one, two)));
  });
}

function overlap({ matches }: Listed, a: string, b: string): boolean {
  if (isGlob(a) && isGlob(b)) return true;
  return isGlob(a) ? matches(a, b) : isGlob(b) ? matches(b, a) : a === b;
}

function idlePeople({ people }: PolicyDocument): PolicyFault[] {
  return Object.entries(people).flatMap(([person, { slack, aws }]) =>
    slack === undefined && aws.length === 0
      ? [{ path: ["people", person], message: "has no identity: can neither vote nor be recognised" }]
      : [],
  );
}
