import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { WorkQueue } from "../../lib/aws/events/work-queue.ts";
import { causeOf, GuardError } from "../../lib/domain/guard-error.ts";
import type { Log } from "../../lib/workflows/ports/guard.ts";
import { asGuardError } from "./as-guard-error.ts";

/** How the messages of one queue are worked off. */
export interface QueueBatch {
  /** Whose queue it is. */
  readonly name: "guard" | "notify";
  readonly queue: WorkQueue;
  /** Deliveries after which a message is put aside with its code. */
  readonly maxReceives: number;
  /** Time (ms) that one message needs at the most. */
  readonly timePerMessage: number;
  readonly log: Log;
}

/** Delays (s) before a failed message comes back: somebody waits for what it says, so the first ones are short. */
const delays = [5, 15, 45, 135, 405];
const longestDelay = 900;
/** Deliveries up to which a message comes back as soon as somebody asks for: many short waits must not use up all of them. */
const obliging = 20;

/** One batch of a queue, message by message; a message that fails harms no other. */
export async function workOff(
  batch: QueueBatch,
  { Records }: SQSEvent,
  { getRemainingTimeInMillis }: Pick<Context, "getRemainingTimeInMillis">,
  work: (body: string, deliveries: number) => Promise<void>,
): Promise<SQSBatchResponse> {
  const failed: SQSBatchResponse["batchItemFailures"] = [];
  for (const record of Records) {
    const timeLeft = getRemainingTimeInMillis() >= batch.timePerMessage;
    const settled = await settle(batch, record, timeLeft, work);
    if (!settled) failed.push({ itemIdentifier: record.messageId });
  }
  return { batchItemFailures: failed };
}

async function settle(
  batch: QueueBatch,
  record: SQSRecord,
  timeLeft: boolean,
  work: (body: string, deliveries: number) => Promise<void>,
): Promise<boolean> {
  try {
    if (!timeLeft) throw new GuardError("OUT_OF_TIME", "retry", "no time left in this batch");
    await work(record.body, deliveriesOf(record));
    return true;
  } catch (error) {
    return await dispose(batch, record, asGuardError(error));
  }
}

/** Answers whether the message is done with: false leaves it in the queue. */
async function dispose(batch: QueueBatch, record: SQSRecord, error: GuardError): Promise<boolean> {
  const { log, queue, maxReceives, name } = batch;
  const deliveries = deliveriesOf(record);
  const fields = {
    queue: name,
    messageId: record.messageId,
    code: error.code,
    reason: error.message,
    deliveries,
    ...causeOf(error),
  };
  if (error.disposition === "reject") {
    log("MESSAGE_REJECTED", fields);
    return true;
  }
  try {
    if (error.disposition === "dead-letter" || deliveries >= maxReceives) {
      await queue.deadLetter(record.body, error.code);
      log("MESSAGE_DEAD_LETTERED", fields);
      return true;
    }
    const seconds = delayOf(error, deliveries);
    log("MESSAGE_RETRIED", { ...fields, seconds });
    await queue.retryAfter(record.receiptHandle, seconds);
  } catch (cause) {
    // The message stays in the queue; it comes back after the visibility timeout at the latest.
    log("QUEUE_FAILED", { queue: name, messageId: record.messageId, ...causeOf(new Error("queue", { cause })) });
  }
  return false;
}

function delayOf({ code, retryAfter }: GuardError, deliveries: number): number {
  if (deliveries > obliging) return longestDelay;
  return code === "OUT_OF_TIME" ? 0 : (retryAfter ?? delays[deliveries - 1] ?? longestDelay);
}

function deliveriesOf({ attributes }: SQSRecord): number {
  return Number(attributes.ApproximateReceiveCount) || 1;
}
