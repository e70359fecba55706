import { type LocalQueue, type MessageAttribute, md5, type QueuedMessage } from "./local-queue.ts";

export interface SqsAnswer {
  readonly status: number;
  readonly body: object;
}

type Request = Readonly<Record<string, unknown>>;

/** The part of SQS's awsJson1_0 API that the guard, and a curious person with the AWS CLI, use. */
export function handleSqs(
  queues: readonly LocalQueue[],
  urlOf: (queue: LocalQueue) => string,
  action: string,
  request: Request,
): SqsAnswer {
  if (action === "ListQueues") return ok({ QueueUrls: queues.map(urlOf) });
  const name = String(request["QueueUrl"] ?? request["QueueName"] ?? "")
    .split("/")
    .at(-1);
  const queue = queues.find((candidate) => candidate.name === name);
  if (queue === undefined) return fail("com.amazonaws.sqs#QueueDoesNotExist", "The specified queue does not exist.");
  switch (action) {
    case "GetQueueUrl":
      return ok({ QueueUrl: urlOf(queue) });
    case "SendMessage":
      return send(queue, request);
    case "ReceiveMessage":
      return receive(queue, request);
    case "DeleteMessage":
      queue.delete(String(request["ReceiptHandle"]));
      return ok({});
    case "ChangeMessageVisibility":
      return queue.changeVisibility(String(request["ReceiptHandle"]), Number(request["VisibilityTimeout"]) * 1000)
        ? ok({})
        : fail("com.amazonaws.sqs#ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
    case "PurgeQueue":
      queue.purge();
      return ok({});
    case "GetQueueAttributes":
      return ok({
        Attributes: {
          ApproximateNumberOfMessages: String(queue.visible.length),
          ApproximateNumberOfMessagesNotVisible: String(queue.messages.length - queue.visible.length),
          Policy: queue.policy,
        },
      });
    default:
      return fail("com.amazonaws.sqs#UnsupportedOperation", `\`${action}\` is not part of the local queue`);
  }
}

function send(queue: LocalQueue, request: Request): SqsAnswer {
  const body = request["MessageBody"];
  if (typeof body !== "string" || body === "") return fail("MissingParameter", "The request must contain MessageBody.");
  const attributes = (request["MessageAttributes"] ?? {}) as Record<string, MessageAttribute>;
  const [group, deduplicationId] = [request["MessageGroupId"], request["MessageDeduplicationId"]];
  if (!queue.isFifo) {
    const message = queue.send(body, attributes, Number(request["DelaySeconds"] ?? 0) * 1000);
    return ok({ MessageId: message.id, MD5OfMessageBody: md5(body) });
  }
  if (!isFifoName(group)) return fail("MissingParameter", "The request must contain the parameter MessageGroupId.");
  if (!isFifoName(deduplicationId))
    return fail(
      "InvalidParameterValue",
      "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    );
  const message = queue.send(body, attributes, 0, { group, deduplicationId });
  return ok({ MessageId: message.id, MD5OfMessageBody: md5(body) });
}

/** Up to 128 letters, digits and punctuation. */
function isFifoName(value: unknown): value is string {
  return typeof value === "string" && /^[\x21-\x7e]{1,128}$/.test(value);
}

function receive(queue: LocalQueue, request: Request): SqsAnswer {
  const visibility = request["VisibilityTimeout"];
  const messages = queue.receive(
    Number(request["MaxNumberOfMessages"] ?? 1),
    ...(visibility === undefined ? [] : [Number(visibility) * 1000]),
  );
  if (messages.length === 0) return ok({});
  return ok({
    Messages: messages.map((message) => ({
      MessageId: message.id,
      ReceiptHandle: message.receiptHandle,
      Body: message.body,
      MD5OfBody: md5(message.body),
      Attributes: systemAttributes(message),
      ...(Object.keys(message.attributes).length > 0 && { MessageAttributes: message.attributes }),
    })),
  });
}

export function systemAttributes(message: QueuedMessage): Record<string, string> {
  return {
    ApproximateReceiveCount: String(message.receives),
    SentTimestamp: String(message.sentAt),
    SenderId: "local",
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
    ...(message.place && {
      MessageGroupId: message.place.group,
      MessageDeduplicationId: message.place.deduplicationId,
    }),
  };
}

function ok(body: object): SqsAnswer {
  return { status: 200, body };
}

function fail(type: string, message: string): SqsAnswer {
  return { status: 400, body: { __type: type, message } };
}
