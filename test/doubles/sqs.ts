import type { SQSRecord } from "aws-lambda";

/** A message as the queue hands it out for the `receives`th time. */
export function sqsRecord(body: string, messageId = "message-1", receives = 1): SQSRecord {
  return {
    messageId,
    receiptHandle: `receipt of ${messageId}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: "0",
      SenderId: "",
      ApproximateFirstReceiveTimestamp: "0",
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:111122223333:guard",
    awsRegion: "us-east-1",
  };
}
