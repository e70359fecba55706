import type { ConditionResult } from "./condition.ts";
import { decide } from "./decide.ts";
import type { Facts, LazyFact, PolicyVerdict } from "./decision.ts";
import type { Policy } from "./policy.ts";

/** What one condition says of some facts; `not-known`: the fact that it reads is not at hand. */
export interface ExplainedCondition {
  readonly name: string;
  readonly answer: ConditionResult | "not-known";
}

export interface ExplainedRule {
  readonly id: string;
  readonly outcome: string;
  /** `yes`: every condition holds; `no`: one fails; `open`: none fails, and one is contested or not known. */
  readonly matches: "yes" | "no" | "open";
  readonly decides: boolean;
  readonly conditions: readonly ExplainedCondition[];
}

export interface Explanation {
  readonly verdict: PolicyVerdict;
  readonly rules: readonly ExplainedRule[];
  /** Facts that the decision has not needed, although they are at hand. */
  readonly neverNeeded: readonly LazyFact[];
}

/** Why the policy says of `facts` what it says: every rule with every condition, also those that the decision never asked. */
export function explain(policy: Policy, facts: Facts): Explanation {
  const verdict = decide(policy, facts);
  const decision = verdict.kind === "decided" ? verdict.decision : verdict.regardless;
  const rules = policy.rules.map(({ id, effect, conditions }): ExplainedRule => {
    const answers = conditions.map(({ name, needs, test }) => ({
      name,
      answer: needs !== undefined && facts[needs] === undefined ? ("not-known" as const) : test(facts),
    }));
    const failed = answers.some(({ answer }) => answer === "no");
    const settled = answers.every(({ answer }) => answer === "yes");
    return {
      ...{ id, outcome: effect.outcome, conditions: answers },
      matches: failed ? "no" : settled ? "yes" : "open",
      decides: decision?.rule === id,
    };
  });
  return { verdict, rules, neverNeeded: unneeded(policy, facts) };
}

/** As the guard does it: who asked comes with the event, labels are fetched only when the policy asks for them. */
function unneeded(policy: Policy, facts: Facts): readonly LazyFact[] {
  const { tags, aliases, requester, ...ofKey } = facts;
  const labels = { ...(tags !== undefined && { tags }), ...(aliases !== undefined && { aliases }) };
  const asked = new Set<LazyFact>();
  let known: Facts = { ...ofKey, ...(requester !== undefined && { requester }) };
  for (let verdict = decide(policy, known); verdict.kind === "needs"; verdict = decide(policy, known)) {
    const more = verdict.facts.filter((name) => name in labels && !asked.has(name));
    if (more.length === 0) break;
    for (const name of more) {
      asked.add(name);
      known = { ...known, [name]: facts[name] };
    }
  }
  const idle = (["tags", "aliases"] as const).filter((name) => name in labels && !asked.has(name));
  const withoutRequester = requester !== undefined && decide(policy, { ...ofKey, ...labels }).kind === "decided";
  return withoutRequester ? [...idle, "requester"] : idle;
}
