import { randomUUID } from "node:crypto";
import { cloudTrailEnvelope } from "../cloudtrail-envelope.ts";
import type { Place } from "../place.ts";
import type { ApiError } from "./api-error.ts";

/** Who calls, as CloudTrail would tell it. */
export interface Caller {
  /** Whether its own policies allow the call; absent for a caller without a role. */
  readonly identityAllows?: boolean;
  readonly accessKeyId: string;
  readonly userIdentity: object;
  readonly sourceIp: string;
  readonly userAgent: string;
}

export interface CallRecord {
  readonly operation: string;
  readonly caller: Caller;
  readonly request: unknown;
  readonly response?: object;
  readonly error?: ApiError;
}

/** The EventBridge envelope of one control-plane call, in the form of AWS's published records: no `resources`, camel case. */
export function apiCallEnvelope(place: Place, at: number, call: CallRecord): object {
  const denied = call.error?.name === "AccessDeniedException";
  return cloudTrailEnvelope(
    place,
    at,
    { eventSource, detailType: "AWS API Call via CloudTrail" },
    {
      userIdentity: call.caller.userIdentity,
      eventName: call.operation,
      sourceIPAddress: call.caller.sourceIp,
      userAgent: call.caller.userAgent,
      ...(call.error && { errorCode: errorCode(call.error), errorMessage: call.error.message }),
      // Records of other services show null for a call that IAM refused; for this one none is published.
      requestParameters: denied ? null : (camelCased(call.request) ?? null),
      responseElements: call.error ? null : (camelCased(call.response) ?? null),
      requestID: randomUUID(),
      readOnly: false,
      eventType: "AwsApiCall",
    },
  );
}

/** The record of a final destruction. AWS does not publish its name or its shape: both are made up here. */
export function destructionEnvelope(place: Place, at: number, keyArn: string): object {
  return cloudTrailEnvelope(
    place,
    at,
    { eventSource, detailType: "AWS Service Event via CloudTrail" },
    {
      userIdentity: { accountId: place.account, invokedBy: eventSource },
      eventName: "KeyDeletion",
      sourceIPAddress: eventSource,
      userAgent: eventSource,
      requestParameters: null,
      responseElements: null,
      readOnly: false,
      eventType: "AwsServiceEvent",
      serviceEventDetails: { keyArn },
    },
  );
}

const eventSource = "payment-cryptography.amazonaws.com";

/** CloudTrail writes `AccessDenied` for the exception of that name. */
function errorCode({ name }: ApiError): string {
  return name === "AccessDeniedException" ? "AccessDenied" : name;
}

/** Names in lower camel case; times as the zone-less locale text that CloudTrail writes. */
function camelCased(value: unknown, name = ""): unknown {
  if (typeof value === "number" && name.endsWith("Timestamp")) return localeTime(value);
  if (Array.isArray(value)) return value.map((item) => camelCased(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.charAt(0).toLowerCase() + key.slice(1), camelCased(inner, key)]),
  );
}

const locale = new Intl.DateTimeFormat("en-US", {
  timeZone: "UTC",
  month: "short",
  day: "numeric",
  year: "numeric",
  hour: "numeric",
  minute: "2-digit",
  second: "2-digit",
  hour12: true,
});

function localeTime(seconds: number): string {
  return locale.format(seconds * 1000).replace(/\u202f/g, " ");
}
