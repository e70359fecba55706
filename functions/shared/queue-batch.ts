import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { WorkQueue } from "../../lib/aws/events/work-queue.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { Log } from "../../lib/workflows/ports/guard.ts";
import { asGuardError } from "./as-guard-error.ts";
import { comesBack, logOutcome, type RecordOutcome, settleFailed } from "./record-outcome.ts";

/** The queues that functions read. */
export type QueueName = "changes" | "guard" | "notify" | "remediation" | "votes";

/** What every function that reads a queue is composed of. */
export interface QueueDeps {
  readonly queue: WorkQueue;
  readonly stack: { readonly account: string; readonly region: string };
  /** Deliveries after which a message goes to the dead-letter queue, with its code. */
  readonly maxReceives: number;
}

/** How one function processes the messages of its queue. */
export interface QueueConsumer<Message> extends Pick<QueueDeps, "queue" | "maxReceives"> {
  readonly name: QueueName;
  /** The longest that one message takes: with less time left, the rest of the batch goes back to the queue. */
  readonly messageTimeMs: number;
  readonly log: Log;
  /** Puts urgent messages first, by their unparsed body. */
  readonly isUrgent?: (body: string) => boolean;
  /** Throws a GuardError for a body that is not a message. */
  readonly parse: (body: string) => Message;
  /** Throws a GuardError, whose disposition decides how the message is handled. `sentAt`: when the queue took it (ms). */
  readonly process: (message: Message, deliveries: number, sentAt: number) => Promise<void>;
}

/** Processes a batch of a queue, message by message; a message that fails affects no other. */
export async function processBatch<Message>(
  consumer: QueueConsumer<Message>,
  { Records }: SQSEvent,
  { getRemainingTimeInMillis }: Pick<Context, "getRemainingTimeInMillis">,
): Promise<SQSBatchResponse> {
  const { log, name: queue, isUrgent = () => false } = consumer;
  const urgentFirst = Records.toSorted((a, b) => Number(isUrgent(b.body)) - Number(isUrgent(a.body)));
  const batchItemFailures: SQSBatchResponse["batchItemFailures"] = [];
  for (const record of urgentFirst) {
    const { messageId } = record;
    const deliveries = Number(record.attributes.ApproximateReceiveCount) || 1;
    const outcome = await processRecord(consumer, record, deliveries, getRemainingTimeInMillis());
    logOutcome(log, outcome, { queue, messageId, deliveries });
    if (comesBack(outcome)) batchItemFailures.push({ itemIdentifier: messageId });
  }
  return { batchItemFailures };
}

/** Processes one record of a batch, and settles it if it fails. */
export async function processRecord<Message>(
  { queue, maxReceives, messageTimeMs, parse, process }: QueueConsumer<Message>,
  record: SQSRecord,
  deliveries: number,
  timeLeftMs: number,
): Promise<RecordOutcome> {
  try {
    if (timeLeftMs < messageTimeMs) throw new GuardError("OUT_OF_TIME", "retry", "too little time left");
    await process(parse(record.body), deliveries, Number(record.attributes.SentTimestamp));
    return "processed";
  } catch (error) {
    return await settleFailed(queue, record, asGuardError(error), { deliveries, maxReceives });
  }
}
