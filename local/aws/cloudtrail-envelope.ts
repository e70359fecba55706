import { randomUUID } from "node:crypto";
import type { Place } from "./place.ts";

/** What tells one kind of CloudTrail record from another on the bus. */
interface RecordKind {
  /** `lambda.amazonaws.com`, for one. */
  readonly eventSource: string;
  readonly detailType: "AWS API Call via CloudTrail" | "AWS Service Event via CloudTrail";
}

/** Returns the EventBridge envelope of a CloudTrail record of `at` (ms): what all records share, and `detail`. */
export function cloudTrailEnvelope(
  { account, region }: Place,
  at: number,
  { eventSource, detailType }: RecordKind,
  detail: object,
): object {
  const time = `${new Date(at).toISOString().slice(0, 19)}Z`;
  const [service = ""] = eventSource.split(".");
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": detailType,
    source: `aws.${service}`,
    account,
    time,
    region,
    resources: [],
    detail: {
      eventVersion: "1.11",
      eventTime: time,
      eventSource,
      awsRegion: region,
      eventID: randomUUID(),
      managementEvent: true,
      recipientAccountId: account,
      eventCategory: "Management",
      ...detail,
    },
  };
}
