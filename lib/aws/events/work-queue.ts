import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** A queue that a function reads, and its dead-letter queue. */
export interface WorkQueue {
  /** Makes a message that failed visible again after `delaySeconds`. */
  retryAfter(receiptHandle: string, delaySeconds: number): Promise<void>;
  /** Sends a message to the dead-letter queue, with the code of its error as the attribute `errorCode`; of a FIFO queue with its place. */
  deadLetter(body: string, code: string, place: FifoPlace): Promise<void>;
}

/** Where a message of a FIFO queue belongs, and an id by which a copy of it is known. */
export interface FifoPlace {
  /** Undefined in a standard queue. */
  readonly group: string | undefined;
  readonly id: string;
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
    deadLetter: async (body, code, { group, id }) => {
      await client.send(
        new SendMessageCommand({
          QueueUrl: deadLetterQueueUrl,
          MessageBody: body,
          ...(group && { MessageGroupId: group, MessageDeduplicationId: id }),
          MessageAttributes: { errorCode: { DataType: "String", StringValue: code } },
        }),
      );
    },
  };
}
