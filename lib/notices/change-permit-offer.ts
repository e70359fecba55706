import type { ChangePermit } from "../domain/approval/change-permit.ts";
import { subjectText } from "../domain/operations/subject.ts";
import { standingText } from "./approval-offer.ts";
import { timeText } from "./words.ts";

/** Returns what an approver of a permit for a change agrees to, sentence by sentence. Holds plain text that people wrote. */
export function changePermitOffer({ request, name, approvals }: ChangePermit): readonly string[] {
  const { principal, user, to, reason, quorum, deadline } = request;
  const whom = user === undefined ? principal : `${user} (${principal})`;
  const state =
    to === undefined ? "" : to.text === undefined ? ", to the very state that was undone" : `, to ${to.text}`;
  return [
    `Approve one change of ${subjectText(name.subject)} (${name.operation})${state}?`,
    standingText({ approvals: approvals.length, quorum }),
    `Once enough people have approved, ${whom} may make the change once. Until then, and without enough approvals by ${timeText(deadline)}, it stays as it is.`,
    `${request.person === undefined ? "What was undone" : "Reason given"}: ${reason}`,
    "One person can refuse it.",
  ];
}
