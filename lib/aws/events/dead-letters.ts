import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { operationOf } from "../../domain/operations/registry.ts";
import { jsonOr, objectOr } from "../json.ts";
import { effectFailedType, lookDeniedType, ownSource, reEvaluateType } from "./own-event.ts";

/** Where messages wait for a person: what guard, notify, votes or remediation put aside, or what a rule could not deliver. */
export const deadLetterQueues = ["guard", "notify", "votes", "remediation", "rule"] as const;
export type DeadLetterQueue = (typeof deadLetterQueues)[number];

export interface QueueUrls {
  readonly guard: string;
  readonly notify: string;
  readonly votes: string;
  readonly remediation: string;
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
      for (const to of targetsOf(from, Body)) {
        const sent = { QueueUrl: urls[to], MessageBody: Body, ...placeOf(message) };
        await client.send(new SendMessageCommand(sent));
      }
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

type Target = Exclude<DeadLetterQueue, "rule">;

/**
 * Returns the queues that a dead letter was for. A rule's dead letters do not say which rule: what our own bus announces is for notify, a denied call
 * for remediation too, and a call of another service than the keys' own, or a change of a key, for remediation.
 */
function targetsOf(from: DeadLetterQueue, body: string): readonly Target[] {
  if (from !== "rule") return [from];
  const json = objectOr(jsonOr(body));
  const { source, "detail-type": type } = json ?? {};
  if (source === ownSource) {
    if (type === reEvaluateType) return ["guard"];
    return type === lookDeniedType || type === effectFailedType ? ["notify", "remediation"] : ["notify"];
  }
  if (remediatedSources.some((each) => each === source)) return ["remediation"];
  const { eventName, eventType } = objectOr(json?.["detail"]) ?? {};
  if (typeof eventName !== "string" || eventName === "DeleteKey") return ["guard"];
  const isServiceEvent = eventType === "AwsServiceEvent";
  const isChange = operationOf(eventName, isServiceEvent) !== undefined;
  return [
    ...(isServiceEvent || !isChange ? (["guard"] as const) : []),
    ...(isChange ? (["remediation"] as const) : []),
  ];
}

/** Whose calls the tamper rules send to remediation. */
const remediatedSources = ["aws.events", "aws.sns", "aws.kms"] as const;
