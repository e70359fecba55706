import * as v from "valibot";
import { wellFormed } from "../../domain/well-formed.ts";

/**
 * Text that is only kept for the record: cut at `maxBytes`, so that a case never outgrows its item, and absent when it is
 * no text. INVARIANT: bookkeeping never decides whether a deletion is looked at; the caller who deletes chooses some of it.
 */
const kept = (maxBytes: number) =>
  v.optional(
    v.pipe(
      v.unknown(),
      v.transform((value) => (typeof value === "string" ? wellFormed(value, maxBytes) : undefined)),
    ),
  );
const guid = v.pipe(v.string(), v.regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, "expected a GUID"));
const instant = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, "expected a time such as 2024-05-27T19:49:54Z"),
  v.transform((text) => Date.parse(text)),
  v.check((ms) => Number.isFinite(ms), "expected a time such as 2024-05-27T19:49:54Z"),
);
const anything = v.optional(v.unknown());

const members = {
  eventVersion: v.pipe(v.string(), v.regex(/^1\.\d+$/, "expected version 1")),
  eventID: guid,
  eventTime: instant,
  eventSource: v.string(),
  eventName: v.pipe(v.string(), v.maxLength(128)),
  eventType: v.string(),
  awsRegion: v.string(),
  requestID: kept(64),
  recipientAccountId: v.string(),
  errorCode: kept(256),
  sourceIPAddress: kept(256),
  userAgent: kept(1024),
  userIdentity: anything,
  requestParameters: anything,
  responseElements: anything,
  resources: anything,
  serviceEventDetails: anything,
  addendum: v.fallback(v.optional(v.object({ reason: v.string(), originalEventID: guid })), undefined),
};
const envelope = { source: v.string(), "detail-type": v.string(), "replay-name": kept(64) };

/** An EventBridge envelope around a CloudTrail record without empty members: strict on what is used, indifferent to the rest. */
export const envelopeSchema = v.object({ ...envelope, detail: v.object(members) });

/** The same around a service event: AWS publishes some without an eventID, and such an event only makes the guard look at a key. */
export const serviceEnvelopeSchema = v.object({
  ...envelope,
  detail: v.object({ ...members, eventID: v.fallback(v.optional(guid), undefined) }),
});

/** How a record of the service is named, in its detail and around it. */
export const eventSource = "payment-cryptography.amazonaws.com";
export const envelopeSource = "aws.payment-cryptography";
export const apiCall = "AWS API Call via CloudTrail";
export const serviceEventType = "AWS Service Event via CloudTrail";

export type Envelope = v.InferOutput<typeof envelopeSchema>;
export type Detail = Envelope["detail"];
export type ServiceDetail = v.InferOutput<typeof serviceEnvelopeSchema>["detail"];
