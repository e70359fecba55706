import * as v from "valibot";
import { flag, type Kinds, labels, optionalText, text, texts, whole } from "./members.ts";
import { vote, voteRefusal } from "./people.ts";

/** Parts of the time to decide at which the approvers are reminded; at the last one somebody else hears of it too. */
export const reminderPercents = [50, 80, 95] as const;

/** What people are asked about a deletion, and what they answer. */
export const questionKinds = {
  /** What people need to know of the key beyond `deletion-detected` was fetched for them, as far as it could be had. */
  "approval-requested": {
    from: text,
    /** As told to the approvers: one more than the rule's where the requester is not known as a person. */
    quorum: whole,
    deadline: whole,
    ...labels,
  },
  "approval-reminded": { percent: v.picklist(reminderPercents) },
  /** A vote that somebody cast, also one that does not count, and then why. */
  "vote-cast": { vote, person: optionalText, refused: v.exactOptional(voteRefusal) },
  "approval-granted": { by: texts, quorum: whole },
  "approval-refused": { by: text, afterApproval: flag },
  "approval-expired": {},
} as const satisfies Kinds;
