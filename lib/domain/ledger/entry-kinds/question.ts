import * as v from "valibot";
import { flag, type Kinds, labels, optionalText, percent, text, texts, whole } from "./members.ts";
import { requestId, unverified, vote, voteRefusal } from "./people.ts";

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
  /** Any percent can be read: a change of the schedule (`case/question.ts`) must not make recorded reminders unreadable. */
  "approval-reminded": { percent },
  /** A vote, and why it does not count if it does not. */
  "vote-cast": { vote, person: optionalText, refused: v.exactOptional(voteRefusal), requestId, unverified },
  "approval-granted": { by: texts, quorum: whole },
  "approval-refused": { by: text, afterApproval: flag },
  "approval-expired": {},
} as const satisfies Kinds;
