import type { Case } from "./case.ts";

/** Returns `state` with its end, if it has come to one. */
export function withEnd({ end: _before, ...state }: Case): Case {
  const end = state.over ?? (isSettled(state) ? state.settled : undefined);
  return { ...state, ...(end && { end }) };
}

/** Whether nobody is being asked, and what people said has had its consequence. */
function isSettled({ decision, question, kept, permitSettled, confirmation }: Omit<Case, "end">): boolean {
  // INVARIANT: nobody is asked about, and no permit is given to, a requester whom CloudTrail does not confirm.
  if (decision?.effect.outcome !== "ask" || kept || confirmation === "unconfirmed") return true;
  // Without a question no permit is withheld but for the want of room to ask one.
  if (question === undefined) return permitSettled;
  return question.state !== "open" && (question.state !== "granted" || permitSettled);
}

/** Nothing will ever be done about the case again: its deletion is over, and who called for it is known or stays unknown. */
export function isClosed({ end, requests, eventMissedAt }: Case): boolean {
  return end !== undefined && (requests.length > 0 || eventMissedAt !== undefined);
}
