/** What the policy says of a change. `allow`: recorded. `notify`: people are notified too. `revert`: the change is undone as well. */
export const changeOutcomes = ["allow", "notify", "revert"] as const;
export type ChangeOutcome = (typeof changeOutcomes)[number];
