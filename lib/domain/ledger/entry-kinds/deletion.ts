import * as v from "valibot";
import type { DeletionRequest } from "../../deletion/request.ts";
import {
  aliases,
  caseName,
  exactly,
  flag,
  type Kinds,
  keyArn,
  oneOf,
  optionalFlag,
  optionalText,
  optionalWhole,
  paymentKey,
  text,
  whole,
} from "./members.ts";
import { requester } from "./people.ts";

const request = exactly<DeletionRequest>()(
  v.strictObject({
    eventId: text,
    requestId: optionalText,
    at: whole,
    target: oneOf("kind", {
      arn: { arn: keyArn },
      alias: { alias: text },
      hint: { arn: keyArn },
    }),
    namedAs: optionalText,
    requester,
    invokedBy: optionalText,
    assumedRoot: v.exactOptional(v.literal(true)),
    invokedByDelegate: optionalText,
    sourceIp: optionalText,
    userAgent: optionalText,
    requestedDays: optionalWhole,
    enabledInResponse: optionalFlag,
    replayName: optionalText,
    corrected: flag,
  }),
);

/** The deletion of a key: how it was found, who called for it, and how it ended without the guard. */
export const deletionKinds = {
  /** A key was found scheduled for deletion, or a record of its deletion came in. The first entry of every case is one. */
  "deletion-detected": {
    case: caseName,
    /**
     * `unattributed-event`: the record is kept, but is not the call that led to the pending deletion (`isRequestOf`). `hint`: a message
     * that is refused named the key.
     */
    source: v.picklist(["event", "unattributed-event", "service-event", "hint", "re-evaluate", "sweep"]),
    guardVersion: text,
    /** The key as GetKey showed it, unless it is gone. */
    key: v.exactOptional(paymentKey),
    /** Absent when the key was no longer pending. */
    deletePendingAt: optionalWhole,
    /** Absent when no record was at hand. */
    request: v.exactOptional(request),
  },
  /** The aliases that the inventory saw on the key before it was deleted: what people call the key. Recorded once nothing more is to be done for the key now. */
  "key-named": { aliases },
  "requester-learned": { request },
  /** No record of the deletion came, and CloudTrail's event history has none either. */
  "event-missed": {},
  /** CloudTrail's event history has the record that was decided on, and no other call after it. Renewed once within the safety margin. */
  "requester-confirmed": { eventId: text },
  "requester-unconfirmed": {
    /**
     * `no-record`: CloudTrail has no such call, or knows one after it; `record-differs`: it has another record under the same eventID;
     * `history-unreadable`: its event history could not be read to its end before the last hour; `time-unknown`: the key's deletion time
     * cannot be read, so no later check could come in time.
     */
    why: v.picklist(["no-record", "record-differs", "history-unreadable", "time-unknown"]),
  },
  "key-state-unknown": { state: text },
  "restored-by-others": {},
  /** The key was deleted again; until when it is pending now is absent while GetKey does not tell. */
  "deletion-superseded": { newDeletePendingAt: optionalWhole },
  "key-destroyed": { how: v.picklist(["delete-complete", "not-found", "service-event"]) },
} as const satisfies Kinds;
