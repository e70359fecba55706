import type { ExplainedRule } from "./explain.ts";
import { type ChangeVerdict, type JudgedChange, judgeChange, settledBy } from "./judge-change.ts";
import type { Policy } from "./policy.ts";

/** What the policy says of a change, and why. */
export interface ExplainedChange {
  readonly verdict: ChangeVerdict;
  /** The rules about the change's operation, also those below the one that decides. */
  readonly rules: readonly ExplainedRule[];
}

/** Returns why the policy says of `change` what it says. */
export function explainChange(policy: Pick<Policy, "changeRules">, change: JudgedChange): ExplainedChange {
  const verdict = judgeChange(policy, change);
  const about = policy.changeRules.filter(({ operations }) => operations.has(change.operation));
  const rules = about.map(({ id, outcome, conditions }): ExplainedRule => {
    const answers = conditions.map((condition) => ({ name: condition.name, answer: settledBy(condition, change) }));
    const failed = answers.some(({ answer }) => answer === "no");
    const settled = answers.every(({ answer }) => answer === "yes");
    const matches = failed ? "no" : settled ? "yes" : "open";
    return { id, outcome, matches, decides: verdict.rule === id, conditions: answers };
  });
  return { verdict, rules };
}
