import type { PolicyFault } from "./fault.ts";
import { type Leaves, type Listed, leavesOf } from "./leaves.ts";
import { lintWeakening } from "./lint-weakening.ts";
import { isGlob } from "./match/glob.ts";
import type { PolicyDocument, RuleDocument } from "./schema.ts";
import { shadowsOf } from "./shadows.ts";

/**
 * What a sound policy may say and hardly can mean: rules that are never reached, an `allow` above a rule that protects some of its keys,
 * conditions that narrow nothing where the outcome is weaker, people who can do nothing. Warns only of what is sure from the text alone.
 */
export function lintPolicy(policy: PolicyDocument): readonly PolicyFault[] {
  const rules = policy.rules.map((rule): Read => ({ ...rule, leaves: leavesOf(rule.when) }));
  return [...orderOf(rules), ...lintWeakening(policy), ...idlePeople(policy)];
}

interface Read extends RuleDocument {
  /** Its conditions by their names. */
  readonly leaves: Leaves;
}

/** Warns of rules in an order that makes one of them useless, or too late. */
function orderOf(rules: readonly Read[]): PolicyFault[] {
  const shadows = shadowsOf(rules);
  const allowing: { readonly rule: Read; readonly at: number }[] = [];
  return rules.flatMap((rule, n) => {
    const above = [...allowing];
    if (rule.then === "allow") allowing.push({ rule, at: n });
    const shadow = shadows[n];
    if (shadow !== undefined) {
      const message = `is never reached: \`${shadow.id}\` above it matches whatever this rule does`;
      return [{ path: ["rules", n], message }];
    }
    if (rule.then === "allow" || rule.when.key === undefined) return [];
    return above.flatMap(({ rule: { id, leaves }, at }) => {
      if (!mayMeet(leaves, rule.leaves)) return [];
      const message = `also allows what \`${rule.id}\` below it protects; if that is not meant, put \`${rule.id}\` above \`${id}\``;
      return [{ path: ["rules", at], message }];
    });
  });
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
