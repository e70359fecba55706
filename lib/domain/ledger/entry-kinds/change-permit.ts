import * as v from "valibot";
import { flag, type Kinds, optionalText, optionalWhole, text, texts, whole } from "./members.ts";
import { recordedWays, requestId, voter } from "./people.ts";
import { recordedState } from "./recorded-state.ts";

/** Permits for one change other than deletion. Each is a chain of its own (`change-permit-name.ts`), and `permit-approved` is in it too. */
export const changePermitKinds = {
  /** The first entry: people are asked because a change was undone, or someone requests it beforehand. */
  "change-permit-requested": {
    operation: text,
    /** The ARN of a key, the name of an alias, or `account`. */
    subject: text,
    /** The change that was undone, for which people are asked: its hour and its eventID. */
    change: v.exactOptional(v.strictObject({ hour: whole, eventId: text })),
    /** 1, 2, 3 ... where it was requested beforehand. */
    number: optionalWhole,
    rule: text,
    /** As told to the approvers: the group, and how many of it, one more where the one who may use it is not known as a person. */
    from: text,
    quorum: whole,
    principal: text,
    roleId: optionalText,
    /** The person who may use it, where one is named or known. */
    user: optionalText,
    /** The only state that it permits; absent where it permits any. */
    to: v.exactOptional(recordedState),
    /** Until when it may be approved. */
    deadline: whole,
    /** Who requested it beforehand. */
    voter: v.exactOptional(voter),
    person: optionalText,
    reason: text,
    requestId,
  },
  "change-permit-issued": { group: text, approvedBy: texts, proof: recordedWays, until: whole },
  "change-permit-used": {
    /** eventID of the change that it lets pass, and the hour of its chain. */
    eventId: text,
    hour: whole,
  },
  /** `refused`: before it was issued. */
  "change-permit-revoked": { by: text, voter, reason: optionalText, refused: flag, requestId },
} as const satisfies Kinds;
