import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** A queue that a function reads, and its dead-letter queue. */
export interface WorkQueue {
  /** Makes a message that failed visible again after `delaySeconds`. */
  retryAfter(receiptHandle: string, delaySeconds: number): Promise<void>;
  /** Sends a message to the dead-letter queue, with the code of its error as the attribute `errorCode`. */
  deadLetter(body: string, code: string): Promise<void>;
}

export function createWorkQueue(client: SQSClient, queueUrl: string, deadLetterQueueUrl: string): WorkQueue {
  return {
    retryAfter: async (receiptHandle, delaySeconds) => {
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: delaySeconds,
        }),
      );
    },
    deadLetter: async (body, code) => {
      await client.send(
        new SendMessageCommand({
          QueueUrl: deadLetterQueueUrl,
          MessageBody: body,
          MessageAttributes: { errorCode: { DataType: "String", StringValue: code } },
        }),
      );
    },
  };
}
