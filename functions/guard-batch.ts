import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { parseQueueMessage, type QueueMessage } from "../lib/aws/cloudtrail-event.ts";
import type { GuardQueue } from "../lib/aws/guard-queue.ts";
import { GuardError } from "../lib/domain/guard-error.ts";
import { guardDeletion } from "../lib/workflows/guard-deletion.ts";
import type { Guard, Trigger } from "../lib/workflows/run.ts";
import { reportOf } from "./case-report.ts";
import type { GuardMetrics } from "./guard-metrics.ts";

/** What one batch works with. */
export interface GuardBatch {
  readonly guard: Guard;
  readonly queue: GuardQueue;
  readonly stack: { readonly account: string; readonly region: string };
  /** Deliveries after which a message is put aside with its code. */
  readonly maxReceives: number;
  readonly metrics: GuardMetrics;
}

/** A message needs about this long (ms) at the most: five paced calls, or one that times out three times. */
const timePerMessage = 10_000;

/** Delays (s) before a failed message comes back: cards are failing meanwhile, so the first ones are short. */
const delays = [5, 15, 45, 135, 405];
const longestDelay = 900;

/** One batch of the guard queue, message by message; a message that fails harms no other. */
export async function handleBatch(
  batch: GuardBatch,
  { Records }: SQSEvent,
  { getRemainingTimeInMillis }: Pick<Context, "getRemainingTimeInMillis">,
): Promise<SQSBatchResponse> {
  const failed: SQSBatchResponse["batchItemFailures"] = [];
  for (const record of Records) {
    const settled = await settle(batch, record, getRemainingTimeInMillis() >= timePerMessage);
    if (!settled) failed.push({ itemIdentifier: record.messageId });
  }
  return { batchItemFailures: failed };
}

async function settle(batch: GuardBatch, record: SQSRecord, timeLeft: boolean): Promise<boolean> {
  try {
    if (!timeLeft) throw new GuardError("OUT_OF_TIME", "retry", "no time left in this batch");
    await handleMessage(batch, parseQueueMessage(record.body, batch.stack), deliveriesOf(record));
    return true;
  } catch (error) {
    return await dispose(batch, record, asGuardError(error));
  }
}

async function handleMessage({ guard, metrics }: GuardBatch, message: QueueMessage, deliveries: number): Promise<void> {
  switch (message.kind) {
    case "deletion":
      return await guardAndReport(guard, metrics, { source: "event", request: message.request, deliveries });
    case "service-event":
      if (message.keyArn === undefined) return;
      return await guardAndReport(guard, metrics, {
        source: "service-event",
        keyArn: message.keyArn,
        deliveries,
      });
    case "attempt":
      await guard.cases.recordAttempt(message.attempt);
      guard.log("ATTEMPT_RECORDED", { eventId: message.attempt.eventId, errorCode: message.attempt.errorCode });
      metrics.count("AttemptsRecorded");
      return;
    case "refused":
      if (message.hint !== undefined)
        await guardAndReport(guard, metrics, { source: "service-event", keyArn: message.hint, deliveries });
      throw new GuardError(message.code, message.disposition, message.message);
  }
}

async function guardAndReport(guard: Guard, metrics: GuardMetrics, trigger: Trigger): Promise<void> {
  for (const file of await guardDeletion(guard, trigger)) {
    const report = reportOf(file);
    if (report === undefined) continue;
    guard.log("CASE_ADVANCED", { ...report });
    metrics.report(report);
  }
}

/** Answers whether the message is done with: false leaves it in the queue. */
async function dispose(batch: GuardBatch, record: SQSRecord, error: GuardError): Promise<boolean> {
  const { guard, queue, metrics, maxReceives } = batch;
  const deliveries = deliveriesOf(record);
  const fields = { messageId: record.messageId, code: error.code, reason: error.message, deliveries };
  if (error.disposition === "reject") {
    guard.log("MESSAGE_REJECTED", fields);
    metrics.count("MessagesRejected");
    return true;
  }
  try {
    if (error.disposition === "dead-letter" || deliveries >= maxReceives) {
      await queue.deadLetter(record.body, error.code);
      guard.log("MESSAGE_DEAD_LETTERED", fields);
      metrics.count("MessagesDeadLettered");
      return true;
    }
    const seconds = error.code === "OUT_OF_TIME" ? 0 : (delays[deliveries - 1] ?? longestDelay);
    guard.log("MESSAGE_RETRIED", { ...fields, seconds, ...causeOf(error) });
    metrics.count("MessagesRetried");
    await queue.comeBackAfter(record.receiptHandle, seconds);
  } catch (cause) {
    // The message stays in the queue; it comes back after the visibility timeout at the latest.
    guard.log("QUEUE_FAILED", { messageId: record.messageId, ...causeOf(new Error("queue", { cause })) });
  }
  return false;
}

function deliveriesOf({ attributes }: SQSRecord): number {
  return Number(attributes.ApproximateReceiveCount) || 1;
}

function causeOf({ cause }: Error): { cause?: string } {
  return cause instanceof Error ? { cause: `${cause.name}: ${cause.message}` } : {};
}

function asGuardError(error: unknown): GuardError {
  if (error instanceof GuardError) return error;
  return new GuardError("UNEXPECTED", "retry", "something the guard did not foresee", { cause: error });
}
