import type { PolicyFault } from "./fault.ts";
import { type Leaves, type Listed, leavesOf } from "./leaves.ts";
import { lintChanges } from "./lint-changes.ts";
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
  return [...orderOf(rules), ...lintChanges(policy), ...lintWeakening(policy), ...idlePeople(policy)];
}

interface Read extends RuleDocument {
  /** Its conditions by their names. */
  readonly leaves: Leaves;
}

/** Warns of rules in an order that makes one of them useless, or too late. */
function orderOf(rules: readonly Read[]): PolicyFault[] {
  const shadows = shadowsOf(rules);
  const weaker: { readonly rule: Read; readonly at: number }[] = [];
  return rules.flatMap((rule, n) => {
    const above = weaker.filter((each) => isWeaker(each.rule, rule));
    if (rule.then === "allow" || rule.then === "notify") weaker.push({ rule, at: n });
    const shadow = shadows[n];
    if (shadow !== undefined) return [{ path: ["rules", n], message: neverReached(rule, shadow) }];
    if (rule.when.key === undefined && rule.when.change === undefined) return [];
    return above.flatMap(({ rule: { id, then, leaves }, at }) => {
      if (!mayMeet(leaves, rule.leaves)) return [];
      const also = then === "allow" ? "also allows" : "only notifies people of";
      const does = rule.then === "revert" ? "undoes" : rule.then === "notify" ? "reports" : "protects";
      const message = `${also} what \`${rule.id}\` below it ${does}; if that is not meant, put \`${rule.id}\` above \`${id}\``;
      return [{ path: ["rules", at], message }];
    });
  });
}

function isWeaker(above: Read, below: Read): boolean {
  return below.then === "notify" ? above.then === "allow" : above.then !== below.then && below.then !== "allow";
}

function neverReached({ then }: Read, { id, then: outcome }: Read): string {
  const undone = outcome === "revert" && then !== "revert";
  return `is never reached: \`${id}\` above it ${undone ? "undoes" : "matches"} whatever this rule ${undone ? "lets stand" : "does"}`;
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
