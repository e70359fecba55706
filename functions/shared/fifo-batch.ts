import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { asGuardError } from "./as-guard-error.ts";
import { processRecord, type QueueConsumer } from "./queue-batch.ts";
import { comesBack, logOutcome } from "./record-outcome.ts";

/** How one function processes the messages of its FIFO queue. */
export interface FifoConsumer<Message> extends Omit<QueueConsumer<Message>, "isUrgent"> {
  /** Puts whole groups first, by their name. */
  readonly isUrgentGroup: (group: string) => boolean;
}

/**
 * Processes a batch of a FIFO queue in its order, but urgent groups first. It stops at the first message that comes back, and returns it
 * with all that it did not process: what is in one group must not overtake.
 */
export async function processFifoBatch<Message>(
  consumer: FifoConsumer<Message>,
  { Records }: SQSEvent,
  { getRemainingTimeInMillis }: Pick<Context, "getRemainingTimeInMillis">,
): Promise<SQSBatchResponse> {
  const { log, name: queue, isUrgentGroup } = consumer;
  const urgency = ({ attributes }: SQSRecord) => Number(isUrgentGroup(attributes.MessageGroupId ?? ""));
  const ordered = Records.toSorted((a, b) => urgency(b) - urgency(a));
  for (const [n, record] of ordered.entries()) {
    const { messageId } = record;
    const deliveries = Number(record.attributes.ApproximateReceiveCount) || 1;
    const outcome = await processRecord(consumer, record, deliveries, getRemainingTimeInMillis());
    logOutcome(log, outcome, { queue, messageId, deliveries });
    if (!comesBack(outcome)) continue;
    await release(consumer, ordered.slice(n + 1));
    return { batchItemFailures: ordered.slice(n).map((each) => ({ itemIdentifier: each.messageId })) };
  }
  return { batchItemFailures: [] };
}

/** Makes messages visible at once: those of other groups need not wait for the one that failed. */
async function release<Message>(
  { queue, log, name }: Pick<FifoConsumer<Message>, "queue" | "log" | "name">,
  records: readonly SQSRecord[],
): Promise<void> {
  for (const { receiptHandle, messageId } of records)
    await queue.retryAfter(receiptHandle, 0).catch((error: unknown) => {
      // It comes back after the visibility timeout.
      log("QUEUE_FAILED", { queue: name, messageId, code: asGuardError(error).code });
    });
}
