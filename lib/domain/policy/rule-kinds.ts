import { deletionName } from "../operations/delete/name.ts";
import { type ChangeOutcome, changeOutcomes } from "./change-outcome.ts";
import type { PolicyDocument, RuleDocument } from "./schema.ts";

/** A rule about deletions: what happens to a key that someone scheduled for deletion. */
export interface DeletionRule extends RuleDocument {
  readonly then: "restore" | "allow" | "ask";
}

/** A rule about other operations. */
export interface ChangeRule extends RuleDocument {
  readonly then: ChangeOutcome;
}

/** A rule with its place in the policy. */
export interface Placed<Rule> {
  readonly rule: Rule;
  readonly n: number;
}

/** Returns the operations that a rule is about. */
export function operationsOf({ when }: Pick<RuleDocument, "when">): readonly string[] {
  return when.operation ?? [deletionName];
}

/** Returns the rules about deletions, in their order. `checkPolicy` refuses one about both. */
export function deletionRules({ rules }: Pick<PolicyDocument, "rules">): readonly Placed<DeletionRule>[] {
  return rules.flatMap((rule, n) => (isDeletionRule(rule) ? [{ rule, n }] : []));
}

/** Returns the rules about other operations, in their order. */
export function changeRules({ rules }: Pick<PolicyDocument, "rules">): readonly Placed<ChangeRule>[] {
  return rules.flatMap((rule, n) => (isChangeRule(rule) ? [{ rule, n }] : []));
}

function isDeletionRule(rule: RuleDocument): rule is DeletionRule {
  return operationsOf(rule).includes(deletionName) && rule.then !== "notify" && rule.then !== "revert";
}

function isChangeRule(rule: RuleDocument): rule is ChangeRule {
  return !operationsOf(rule).includes(deletionName) && changeOutcomes.some((outcome) => outcome === rule.then);
}
