import type { Weight } from "../operations/operation.ts";
import type { ChangeOutcome } from "./change-outcome.ts";
import type { Condition, ConditionResult } from "./condition.ts";
import type { Approval, Facts } from "./decision.ts";
import type { CompiledChangeRule, Policy } from "./policy.ts";

/** What the policy says of a change. */
export interface ChangeVerdict {
  readonly outcome: ChangeOutcome;
  /** Id of the rule that decides, or `none`. */
  readonly rule: string;
  /** Who may let the change pass by a permit, where the rule says so. */
  readonly approval?: Approval;
  /** The first rule that may match, and whose condition nothing settles: then people are notified, and nothing is done. */
  readonly doubt?: { readonly rule: string; readonly condition: string };
}

/** A change, as far as the policy has to know it. `facts.key` is absent for a setting of the whole account. */
export interface JudgedChange {
  readonly operation: string;
  readonly weight: Weight;
  readonly facts: Facts;
  /** Whether there is a key that the conditions on keys can be about. */
  readonly hasKey: boolean;
}

/**
 * Returns what the policy says of a change. Ordered rules, the first match decides. Without one the change is recorded, and people are notified
 * unless it is routine. INVARIANT: a rule that may match and is not sure to never leads to an effect, and never to silence.
 */
export function judgeChange(policy: Pick<Policy, "changeRules">, change: JudgedChange): ChangeVerdict {
  for (const rule of policy.changeRules) {
    if (!rule.operations.has(change.operation)) continue;
    const match = matchOf(rule, change);
    if (match === "no") continue;
    if (match === "yes")
      return { outcome: rule.outcome, rule: rule.id, ...(rule.approval && { approval: rule.approval }) };
    return { outcome: "notify", rule: "none", doubt: { rule: rule.id, condition: match.open } };
  }
  return { outcome: change.weight === "routine" ? "allow" : "notify", rule: "none" };
}

/** Returns what a condition says of a change. A change without a key meets no condition on keys. */
export function settledBy({ name, test }: Condition, { facts, hasKey }: JudgedChange): ConditionResult {
  return name.startsWith("key.") && !hasKey ? "no" : test(facts);
}

function matchOf({ conditions }: CompiledChangeRule, change: JudgedChange): "yes" | "no" | { open: string } {
  let open: string | undefined;
  for (const condition of conditions) {
    const result = settledBy(condition, change);
    if (result === "no") return "no";
    if (result !== "yes") open ??= condition.name;
  }
  return open === undefined ? "yes" : { open };
}
