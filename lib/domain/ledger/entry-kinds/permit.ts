import * as v from "valibot";
import type { PermitId } from "../permit-name.ts";
import type { Permit } from "../permit-terms.ts";
import { caseName, exactly, type Kinds, keyArn, oneOf, optionalText, text, texts, whole } from "./members.ts";
import { recordedWays, requestId, voter } from "./people.ts";

const permitId = exactly<PermitId>()(
  oneOf("by", {
    case: { generation: whole },
    request: { number: whole },
  }),
);

const permit = exactly<Permit>()(
  v.strictObject({
    keyArn,
    id: permitId,
    principal: text,
    roleId: optionalText,
    person: optionalText,
    minWaitingMs: whole,
    group: text,
    approvedBy: texts,
    proof: recordedWays,
    issuedAt: whole,
    until: whole,
  }),
);

/** Permits for one deletion, of the approvers of a case or requested beforehand. */
export const permitKinds = {
  /** The first entry of a permit that was asked for beforehand. It is a chain of its own: there is no deletion yet, and so no case. */
  "permit-requested": {
    keyArn,
    number: whole,
    /** The rule of the policy that asks people about such a key. */
    rule: text,
    principal: text,
    roleId: optionalText,
    /** The person who may use it, where one is named or known. */
    subject: optionalText,
    minWaitingMs: whole,
    /** Until when it may be approved. */
    deadline: whole,
    ...{ voter, person: text, reason: text, requestId },
  },
  "permit-approved": { voter, person: text, reason: text, requestId },
  "permit-issued": { permit },
  "permit-withheld": {
    /** `approval-lapsed`: too few approved, without those who turned out to be requesters or have left the group. */
    why: v.picklist(["requester-unknown", "approval-lapsed", "no-room-to-ask"]),
  },
  "permit-used": {
    permit: permitId,
    case: caseName,
    /** eventID of the deletion that it let pass. */
    eventId: text,
  },
  "permit-revoked": {
    permit: permitId,
    by: text,
    /** Where it was taken back by itself, and not by keeping the key. */
    voter: v.exactOptional(voter),
    reason: optionalText,
    requestId,
  },
} as const satisfies Kinds;
