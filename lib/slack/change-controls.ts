/** Names of the buttons about changes other than deletions, as they come back in a callback. */
export const changeActionIds = ["approve-change", "refuse-change", "start-key"] as const;
export type ChangeActionId = (typeof changeActionIds)[number];

/** What a dialog about a change asks for. */
export type ChangeDialog = Exclude<ChangeActionId, "refuse-change">;
