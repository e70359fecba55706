import type { SQSClient } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { createSendRequest } from "../../lib/aws/events/vote-queue.ts";
import { createWorkQueue } from "../../lib/aws/events/work-queue.ts";
import { LocalQueue, type QueuedMessage } from "../../local/aws/queue/local-queue.ts";
import { handleSqs, systemAttributes } from "../../local/aws/queue/sqs-api.ts";
import { sqsRecord } from "./sqs.ts";

const days = 86_400_000;

/** The FIFO queue of requests and its dead-letter queue, behind the real adapters; `clock` in ms. */
export function createVoteQueue(clock: () => number) {
  const timers = { now: clock, after: () => ({ cancel: () => {} }), sleep: async () => {} };
  const common = { clock: timers, fifo: true, visibilityMs: 180_000, retentionMs: 14 * days };
  const deadLetters = new LocalQueue({ ...common, name: "votes-dead.fifo" });
  const queue = new LocalQueue({ ...common, name: "votes.fifo", redrive: { maxReceives: 101, to: deadLetters } });
  const client = {
    send: async (command: { readonly constructor: { readonly name: string }; readonly input: object }) => {
      const action = command.constructor.name.replace("Command", "");
      const { status, body } = handleSqs([queue, deadLetters], ({ name }) => name, action, { ...command.input });
      if (status !== 200) throw new Error(JSON.stringify(body));
      return body;
    },
  } as unknown as SQSClient;
  return {
    queue,
    deadLetters,
    client,
    sendRequest: createSendRequest(client, queue.name),
    workQueue: createWorkQueue(client, queue.name, deadLetters.name),
    /** Hands one batch to `handle`, as Lambda does; returns how many messages there were. */
    deliver: async (handle: (event: SQSEvent) => Promise<SQSBatchResponse>) => await deliver(queue, handle),
  };
}

async function deliver(queue: LocalQueue, handle: (event: SQSEvent) => Promise<SQSBatchResponse>): Promise<number> {
  const messages = queue.receive(5);
  if (messages.length === 0) return 0;
  const { batchItemFailures } = await handle({ Records: messages.map(recordOf) });
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const { id, receiptHandle = "" } of messages) if (!failed.has(id)) queue.delete(receiptHandle);
  return messages.length;
}

/** A message of the FIFO queue as Lambda hands it out. */
export function recordOf(message: QueuedMessage): SQSRecord {
  const attributes = systemAttributes(message) as unknown as SQSRecord["attributes"];
  return { ...sqsRecord(message.body, message.id), receiptHandle: message.receiptHandle ?? "", attributes };
}
