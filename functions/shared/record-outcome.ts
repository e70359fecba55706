import type { SQSRecord } from "aws-lambda";
import type { WorkQueue } from "../../lib/aws/events/work-queue.ts";
import { causeOf, type GuardError } from "../../lib/domain/guard-error.ts";
import type { Log } from "../../lib/workflows/ports/guard.ts";
import { retryDelaySeconds } from "./retry-delay.ts";

/** What happened to one record of a batch. A record that failed is named by the code under which it is logged. */
export type RecordOutcome = "processed" | FailedRecord;

type FailedRecord = { readonly failure: GuardError } & (
  | { readonly logCode: "MESSAGE_REJECTED" | "MESSAGE_DEAD_LETTERED" }
  /** It comes back after so many `seconds`. */
  | { readonly logCode: "MESSAGE_RETRIED"; readonly seconds: number }
  /** The queue could not be reached, for this `cause`: the message comes back after the visibility timeout. */
  | { readonly logCode: "QUEUE_FAILED"; readonly cause?: string }
);

/** Settles a record that failed: drops it, dead-letters it or delays its next delivery, as the error demands. */
export async function settleFailed(
  queue: WorkQueue,
  { body, receiptHandle, messageId, attributes }: SQSRecord,
  failure: GuardError,
  { deliveries, maxReceives }: { readonly deliveries: number; readonly maxReceives: number },
): Promise<FailedRecord> {
  if (failure.disposition === "reject") return { logCode: "MESSAGE_REJECTED", failure };
  try {
    if (failure.disposition === "dead-letter" || deliveries >= maxReceives) {
      await queue.deadLetter(body, failure.code, { group: attributes.MessageGroupId, id: messageId });
      return { logCode: "MESSAGE_DEAD_LETTERED", failure };
    }
    const seconds = retryDelaySeconds(failure, deliveries);
    await queue.retryAfter(receiptHandle, seconds);
    return { logCode: "MESSAGE_RETRIED", failure, seconds };
  } catch (cause) {
    return { logCode: "QUEUE_FAILED", failure, ...causeOf(new Error("queue", { cause })) };
  }
}

/** Returns whether SQS must deliver the message again. */
export function comesBack(outcome: RecordOutcome): boolean {
  return outcome !== "processed" && (outcome.logCode === "MESSAGE_RETRIED" || outcome.logCode === "QUEUE_FAILED");
}

/** Logs an outcome, which counts its metric: see log-table.ts. What a processed record did is logged by its function. */
export function logOutcome(
  log: Log,
  outcome: RecordOutcome,
  record: { readonly queue: string; readonly messageId: string; readonly deliveries: number },
): void {
  if (outcome === "processed") return;
  const { logCode, failure, ...details } = outcome;
  log(logCode, { ...record, code: failure.code, reason: failure.message, ...causeOf(failure), ...details });
}
