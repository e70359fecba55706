import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { jsonOr, objectOr } from "../json.ts";
import { ownSource, reEvaluateType } from "./own-event.ts";

/** Where messages wait for a person: what guard, notify or votes put aside, or what a rule could not deliver. */
export const deadLetterQueues = ["guard", "notify", "votes", "rule"] as const;
export type DeadLetterQueue = (typeof deadLetterQueues)[number];

export interface QueueUrls {
  readonly guard: string;
  readonly notify: string;
  readonly votes: string;
  readonly deadLetters: Readonly<Record<DeadLetterQueue, string>>;
}

export interface Redriven {
  readonly moved: number;
  /** Whether time ran out before the queue was empty. */
  readonly left: boolean;
}

/** A message whose move fails half-way is visible again after so long (s). */
const visibility = 60;

/**
 * Gives every message of a dead-letter queue back to the queue that it was for. Each is sent before it is deleted: a crash in between doubles
 * it, and the consumer treats a duplicate as the same message. What comes back meanwhile is left for the next time, so that this ends.
 */
export async function redrive(
  client: Pick<SQSClient, "send">,
  urls: QueueUrls,
  from: DeadLetterQueue,
  { clock, timeLeft }: { readonly clock: () => number; readonly timeLeft: () => boolean },
): Promise<Redriven> {
  const began = clock();
  const QueueUrl = urls.deadLetters[from];
  let moved = 0;
  while (timeLeft()) {
    const request = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: visibility, WaitTimeSeconds: 1 };
    const answer = await client.send(
      new ReceiveMessageCommand({ ...request, MessageSystemAttributeNames: ["SentTimestamp", "MessageGroupId"] }),
    );
    const messages = (answer.Messages ?? []).filter((message) => sentAt(message) < began);
    if (messages.length === 0) return { moved, left: false };
    for (const message of messages) {
      const { Body = "", ReceiptHandle } = message;
      const sent = { QueueUrl: urls[targetOf(from, Body)], MessageBody: Body, ...placeOf(message) };
      await client.send(new SendMessageCommand(sent));
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      moved += 1;
    }
  }
  return { moved, left: true };
}

/** Returns the place of a message in a FIFO queue. Its own id, so that it is not taken for the copy that was put aside a moment ago. */
function placeOf({ Attributes, MessageId }: Message): { MessageGroupId?: string; MessageDeduplicationId?: string } {
  const group = Attributes?.MessageGroupId;
  return group === undefined || MessageId === undefined
    ? {}
    : { MessageGroupId: group, MessageDeduplicationId: MessageId };
}

function sentAt({ Attributes }: Message): number {
  return Number(Attributes?.SentTimestamp ?? 0);
}

/** A rule's dead letters were for either of the queues: what our own bus announces is for notify. */
function targetOf(from: DeadLetterQueue, body: string): "guard" | "notify" | "votes" {
  if (from !== "rule") return from;
  const event = objectOr(jsonOr(body));
  return event?.["source"] === ownSource && event["detail-type"] !== reEvaluateType ? "notify" : "guard";
}
