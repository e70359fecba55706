/** What the policy says of a change. `allow`: recorded. `notify`: people are notified too. `revert`: the change is undone as well. `ask`: it is undone, and people decide whether it may be made again. */
export const changeOutcomes = ["allow", "notify", "revert", "ask"] as const;
export type ChangeOutcome = (typeof changeOutcomes)[number];

/** Returns whether an outcome undoes the change. */
export function isUndoing(outcome: ChangeOutcome): boolean {
  return outcome === "revert" || outcome === "ask";
}
