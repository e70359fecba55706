import type { changePermitKinds } from "../../domain/ledger/entry-kinds/change-permit.ts";
import { printableText } from "../../domain/printable-text.ts";
import { notTold, type Sentences } from "./row.ts";

/** What people are notified of a permit for a change is in `change-permit-text.ts`: it is no part of any case. */
export const changePermitSentences: Sentences<keyof typeof changePermitKinds> = {
  "change-permit-requested": {
    notice: notTold,
    record: ({ operation, subject, principal, user, person, to, quorum, from }) =>
      `${person === undefined ? "people are asked for" : `${printableText(person)} requests`} a permit: ${printableText(user ?? principal)} would change ${printableText(subject)} (${printableText(operation)})${to?.text === undefined ? "" : ` to ${printableText(to.text, 120)}`}, once; ${quorum} of ${printableText(from)} must approve`,
  },
  "change-permit-issued": {
    notice: notTold,
    record: ({ approvedBy }, { yellow }) =>
      yellow(
        `permit issued, approved by ${approvedBy.map((person) => printableText(person)).join(" and ")}: one change`,
      ),
  },
  "change-permit-used": {
    notice: notTold,
    record: ({ eventId }) => `permit used by the change ${printableText(eventId)}`,
  },
  "change-permit-revoked": {
    notice: notTold,
    record: ({ by, refused }) => `${refused ? "refused" : "revoked"} by ${printableText(by)}`,
  },
};
