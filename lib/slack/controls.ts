/** Names of the buttons, as they come back in a callback. */
export const actionIds = ["keep", "approve", "start-usage"] as const;
export type ActionId = (typeof actionIds)[number];

/** `callback_id` of the dialog that asks for a reason, and the name of its field. */
export const modalId = "approve-deletion";
export const reasonField = "reason";
