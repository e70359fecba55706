import * as v from "valibot";
import { flag, type Kinds, optionalFlag, optionalText, optionalWhole, text, texts, whole } from "./members.ts";
import { requester, requestId, voter } from "./people.ts";

/** A key as ListKeys showed it. Absent is what the list did not tell. */
const listedKey = v.strictObject({
  /** The last part of its ARN; account and Region are those of the log. */
  id: text,
  state: v.picklist(["live", "pending", "other"]),
  enabled: flag,
  usage: optionalText,
  keyClass: optionalText,
  algorithm: optionalText,
  kcv: optionalText,
  exportable: optionalFlag,
  /** How many aliases point to it; absent where aliases could not be listed. */
  aliases: optionalWhole,
});

const alarm = {
  /** Its name. */
  alarm: text,
  /** When its state changed, by CloudWatch's clock (ms). */
  changedAt: whole,
  /** CloudWatch's reason for the state. */
  reason: text,
};

/** What concerns the stack and no single case. */
export const stackKinds = {
  /** A call that failed. The first entry of every chain of calls is one. */
  "call-refused": {
    /** `eventName`. */
    operation: text,
    /** What the call named: the ARN of a key, or an alias. */
    identifier: optionalText,
    eventId: text,
    errorCode: text,
    /** eventTime (ms). */
    calledAt: whole,
    requester,
    invokedBy: optionalText,
    assumedRoot: v.exactOptional(v.literal(true)),
    invokedByDelegate: optionalText,
    sourceIp: optionalText,
    userAgent: optionalText,
  },
  /** More calls of the same principal and hour failed than the chain has room for: how many, beyond those that earlier entries of this kind count. */
  "calls-not-recorded": { count: whole },
  /** A part of the list of all keys. */
  "keys-listed": {
    day: text,
    /** The part, from 1, and how many the list has. */
    part: whole,
    parts: whole,
    /** How many keys the whole list has. */
    keys: whole,
    /** SHA-256 of the canonical JSON of the whole list (`listed` of all parts in their order). */
    sha256: text,
    /** The day whose chains hold this very list: then `listed` is empty. */
    sameAs: optionalText,
    listed: v.array(listedKey),
  },
  /** A policy that differs from the one before it, or another version of the product, came into force; `at` is when the stack first ran with it. */
  "policy-in-force": {
    number: whole,
    /** SHA-256 of the canonical JSON of the policy, as in `decided`. */
    policyHash: text,
    mode: v.picklist(["observe", "enforce"]),
    /** The version of the product. */
    guardVersion: text,
    /** ARN of the caller, as the command that deployed stated: CloudTrail alone proves it. Absent for a stack that was deployed in another way. */
    claimedDeployer: optionalText,
    /** The hash of the policy before it; absent for the first. */
    before: optionalText,
    /** The canonical JSON of the policy in pieces: joined with those of the `policy-text` entries after this one they are whole. Empty for one over 250 KB. */
    pieces: texts,
  },
  "policy-text": { pieces: texts },
  "alarm-began": alarm,
  "alarm-ended": {
    ...alarm,
    /** `INSUFFICIENT_DATA`: CloudWatch does not know whether the cause is over. */
    state: v.picklist(["OK", "INSUFFICIENT_DATA"]),
    /** When it began, by CloudWatch's clock (ms). */
    beganAt: optionalWhole,
  },
  /** Someone exported the trail, and reported it. An export by other software leaves no entry. */
  "trail-exported": {
    voter,
    person: text,
    reason: text,
    /** The time that was asked for (ms). */
    from: optionalWhole,
    to: optionalWhole,
    /** SHA-256 of the manifest: the digest of the export. */
    digest: text,
    objects: whole,
    entries: whole,
    requestId,
  },
} as const satisfies Kinds;
