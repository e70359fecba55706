import { randomUUID } from "node:crypto";
import { cloudTrailEnvelope } from "./cloudtrail-envelope.ts";
import type { Place } from "./place.ts";

/** A call of an AWS API, as CloudTrail tells EventBridge of it. */
export interface ApiCall {
  /** `lambda.amazonaws.com`, for one. */
  readonly eventSource: string;
  readonly eventName: string;
  readonly userIdentity: object;
  readonly requestParameters: object | null;
  readonly responseElements?: object | null;
  readonly resources?: readonly object[];
  readonly readOnly?: boolean;
  readonly errorCode?: string;
  readonly sourceIPAddress?: string;
}

/** Returns the EventBridge envelope of a call at `at` (ms), constructed after published records of CloudTrail (docs/aws-facts.md). */
export function apiCallRecord(place: Place, at: number, call: ApiCall): object {
  const kind = { eventSource: call.eventSource, detailType: "AWS API Call via CloudTrail" } as const;
  return cloudTrailEnvelope(place, at, kind, {
    sourceIPAddress: "198.51.100.66",
    userAgent: "aws-cli/2.17.6",
    responseElements: null,
    requestID: randomUUID(),
    readOnly: false,
    eventType: "AwsApiCall",
    ...call,
  });
}
