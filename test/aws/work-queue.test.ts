import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { createWorkQueue } from "../../lib/aws/events/work-queue.ts";

function setUp() {
  const sent: { readonly input: object }[] = [];
  const client = { send: async (command: { input: object }) => sent.push(command) } as unknown as SQSClient;
  return { sent, queue: createWorkQueue(client, "https://sqs/queue", "https://sqs/dead") };
}

describe("the queue of a function", () => {
  it("shows a message that failed again after as long as it should rest", async () => {
    const { sent, queue } = setUp();
    await queue.retryAfter("receipt", 45);
    expect(sent).toEqual([expect.any(ChangeMessageVisibilityCommand)]);
    expect(sent[0]?.input).toEqual({ QueueUrl: "https://sqs/queue", ReceiptHandle: "receipt", VisibilityTimeout: 45 });
  });

  it("puts a message aside in the dead-letter queue, with the code of what is wrong with it", async () => {
    const { sent, queue } = setUp();
    await queue.deadLetter("{", "EVENT_NOT_JSON", { group: undefined, id: "message-1" });
    expect(sent).toEqual([expect.any(SendMessageCommand)]);
    expect(sent[0]?.input).toEqual({
      QueueUrl: "https://sqs/dead",
      MessageBody: "{",
      MessageAttributes: { errorCode: { DataType: "String", StringValue: "EVENT_NOT_JSON" } },
    });
  });

  it("keeps the group of a message of a FIFO queue, and lets a copy of it be known", async () => {
    const { sent, queue } = setUp();
    await queue.deadLetter("{", "EVENT_MALFORMED", { group: "pause", id: "message-1" });
    expect(sent[0]?.input).toMatchObject({ MessageGroupId: "pause", MessageDeduplicationId: "message-1" });
  });
});
