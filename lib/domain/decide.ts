import type { Decision, Effect, Facts, LazyFact, Verdict } from "./decision.ts";
import type { Policy, Rule } from "./policy.ts";
import { compareStrictness, stricter } from "./strictness.ts";

type PassedOver = Decision["passedOver"];

/** What one rule says of some facts; `name` is the condition that made the difference. */
type Match =
  | { readonly kind: "yes" }
  | { readonly kind: "no" | "contested"; readonly name: string }
  | { readonly kind: "needs"; readonly facts: readonly LazyFact[]; readonly names: readonly string[] };

/**
 * What the policy says of a deletion: a decision, or the names of the facts that are still missing. Ordered rules, the first
 * match decides, `default` otherwise. A contested rule decides only where it protects the key more than what follows it.
 *
 * INVARIANT: no missing, unknown or contested fact ever weakens the outcome.
 */
export function decide(policy: Policy, facts: Facts): Verdict {
  return decideFrom(policy, facts, 0, []);
}

function decideFrom(policy: Policy, facts: Facts, first: number, passed: PassedOver): Verdict {
  const passedOver = [...passed];
  for (let n = first; n < policy.rules.length; n++) {
    const rule = policy.rules[n];
    if (rule === undefined) break;
    const match = matchOf(rule, facts);
    switch (match.kind) {
      case "yes":
        return { kind: "decided", decision: { effect: rule.effect, rule: rule.id, passedOver } };
      case "no":
        passedOver.push({ rule: rule.id, failed: match.name });
        break;
      case "contested":
        return contested(policy, facts, n, match.name, passedOver, rule);
      case "needs":
        return needs(policy, facts, n, match, passedOver, rule);
    }
  }
  return { kind: "decided", decision: { effect: policy.default, rule: "default", passedOver } };
}

function matchOf({ conditions }: Rule, facts: Facts): Match {
  const missing = new Set<LazyFact>();
  const names: string[] = [];
  let contestedBy: string | undefined;
  for (const { name, needs: fact, test } of conditions) {
    if (fact !== undefined && facts[fact] === undefined) {
      missing.add(fact);
      names.push(name);
      continue;
    }
    const answer = test(facts);
    if (answer === "no") return { kind: "no", name };
    if (answer === "contested") contestedBy ??= name;
  }
  if (missing.size > 0) return { kind: "needs", facts: [...missing], names };
  return contestedBy === undefined ? { kind: "yes" } : { kind: "contested", name: contestedBy };
}

function contested(policy: Policy, facts: Facts, n: number, name: string, passedOver: PassedOver, rule: Rule): Verdict {
  const own: Decision = { effect: rule.effect, rule: rule.id, passedOver };
  const rest = decideFrom(policy, facts, n + 1, [...passedOver, { rule: rule.id, failed: `${name} (contested)` }]);
  if (rest.kind === "decided") return { kind: "decided", decision: stricter(rest.decision, own) };
  return rest.regardless === undefined ? rest : { ...rest, regardless: stricter(rest.regardless, own) };
}

/**
 * Asks only for what the first undecided rule reads: tags and aliases cost a call each, out of a quota shared with the customer,
 * and once they are known the rules below often need nothing.
 */
function needs(
  policy: Policy,
  facts: Facts,
  n: number,
  { facts: [fact, ...others], names: [name = ""] }: Extract<Match, { kind: "needs" }>,
  passedOver: PassedOver,
  rule: Rule,
): Verdict {
  const rest = decideFrom(policy, facts, n + 1, [...passedOver, { rule: rule.id, failed: `${name} (not read)` }]);
  const otherwise = rest.kind === "decided" ? rest.decision : rest.regardless;
  if (fact === undefined) return rest;
  const missing: [LazyFact, ...LazyFact[]] = [fact, ...others];
  if (otherwise === undefined || !sameEffect(otherwise.effect, rule.effect)) return { kind: "needs", facts: missing };
  return { kind: "needs", facts: missing, regardless: otherwise };
}

function sameEffect(a: Effect, b: Effect): boolean {
  const sameGroup = a.outcome !== "ask" || b.outcome !== "ask" || a.approval.from === b.approval.from;
  return sameGroup && compareStrictness(a, b) === 0;
}
