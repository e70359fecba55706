/** The operation that a rule without `when.operation` is about. */
export const deletionName = "delete";
