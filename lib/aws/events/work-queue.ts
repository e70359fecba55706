import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** A queue that messages come from, and the one where those wait that need a person. */
export interface WorkQueue {
  /** Makes a message that failed visible again after `seconds`. */
  comeBackAfter(receiptHandle: string, seconds: number): Promise<void>;
  /** Puts a message aside, with the code of what is wrong with it as the attribute `errorCode`. */
  deadLetter(body: string, code: string): Promise<void>;
}

export function createWorkQueue(client: SQSClient, queueUrl: string, deadLetterQueueUrl: string): WorkQueue {
  return {
    comeBackAfter: async (receiptHandle, seconds) => {
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
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
