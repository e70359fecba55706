import type { Facts, LazyFact } from "./decision.ts";
import type { Label, LabelDoubt } from "./label-age.ts";

/**
 * What a condition says of some facts. `contested`: they are at hand and do not settle it (some aliases match and some do not,
 * the requester was looked for and not found). A LabelDoubt: the labels are too new to settle it. Such a rule decides only where it protects
 * the key more.
 */
export type ConditionResult = "yes" | "no" | "contested" | LabelDoubt;

export interface Condition {
  /** In the words of the policy, such as `requester.role`. */
  readonly name: string;
  /** The fact that has to be fetched before `test` may be asked. */
  readonly needs?: LazyFact;
  readonly test: (facts: Facts) => ConditionResult;
  /** Where the condition reads a label: which one, and why no value of it could settle the condition. `facts.labelAge` has to be known. */
  readonly label?: { readonly is: Label; readonly doubt: (facts: Facts) => LabelDoubt | undefined };
}

/** Returns the result for a fact that is at hand. */
export function answer(matches: boolean): "yes" | "no" {
  return matches ? "yes" : "no";
}

/** Returns what `matches` says of `value`; contested where there is no value, or where it does not say. */
export function settled<Value>(
  value: Value | undefined,
  matches: (value: Value) => boolean | undefined,
): ConditionResult {
  const settles = value === undefined ? undefined : matches(value);
  return settles === undefined ? "contested" : answer(settles);
}
