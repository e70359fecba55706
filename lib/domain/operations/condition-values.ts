/** The only values of a condition of `when.change`, or `text` where it may have any. */
export type ConditionValues = readonly string[] | "text";

/** The values of a condition that holds or does not. */
export const trueOrFalse: ConditionValues = ["true", "false"];
