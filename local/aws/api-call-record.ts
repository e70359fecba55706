import { randomUUID } from "node:crypto";
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
export function apiCallRecord({ account, region }: Place, at: number, call: ApiCall): object {
  const time = `${new Date(at).toISOString().slice(0, 19)}Z`;
  const [service = ""] = call.eventSource.split(".");
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "AWS API Call via CloudTrail",
    source: `aws.${service}`,
    account,
    time,
    region,
    resources: [],
    detail: {
      eventVersion: "1.11",
      eventTime: time,
      awsRegion: region,
      sourceIPAddress: "198.51.100.66",
      userAgent: "aws-cli/2.17.6",
      responseElements: null,
      requestID: randomUUID(),
      eventID: randomUUID(),
      readOnly: false,
      eventType: "AwsApiCall",
      managementEvent: true,
      recipientAccountId: account,
      eventCategory: "Management",
      ...call,
    },
  };
}
