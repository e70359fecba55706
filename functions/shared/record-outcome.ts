import type { SQSRecord } from "aws-lambda";
import type { WorkQueue } from "../../lib/aws/events/work-queue.ts";
import { causeOf, type GuardError } from "../../lib/domain/guard-error.ts";
import type { Log } from "../../lib/workflows/ports/guard.ts";

/** What became of one record of a batch. */
export type RecordOutcome =
  | { readonly kind: "done" }
  | FailedOutcome
  /** The queue could not be reached: the message comes back after the visibility timeout. */
  | { readonly kind: "left-in-queue"; readonly failure: GuardError; readonly queueFailure: unknown };

type FailedOutcome =
  | { readonly kind: "rejected" | "dead-lettered"; readonly failure: GuardError }
  | { readonly kind: "retried"; readonly failure: GuardError; readonly delaySeconds: number };

/** Delays before a failed message comes back: a person may wait for its effect, so the first ones are short. */
const retryDelaysSeconds = [5, 15, 45, 135, 405];
const longestDelaySeconds = 900;
/** Deliveries up to which a message may come back sooner: many short waits must not use up all of them. */
const maxShortDelays = 20;

/** Settles a record that failed: drops it, dead-letters it or delays its next delivery, as the error demands. */
export async function settleFailed(
  queue: WorkQueue,
  { body, receiptHandle }: Pick<SQSRecord, "body" | "receiptHandle">,
  failed: { readonly failure: GuardError; readonly deliveries: number; readonly maxReceives: number },
): Promise<RecordOutcome> {
  const { failure, deliveries, maxReceives } = failed;
  const outcome = failedOutcome(failure, deliveries, maxReceives);
  try {
    if (outcome.kind === "dead-lettered") await queue.deadLetter(body, failure.code);
    if (outcome.kind === "retried") await queue.retryAfter(receiptHandle, outcome.delaySeconds);
    return outcome;
  } catch (queueFailure) {
    return { kind: "left-in-queue", failure, queueFailure };
  }
}

function failedOutcome(failure: GuardError, deliveries: number, maxReceives: number): FailedOutcome {
  if (failure.disposition === "reject") return { kind: "rejected", failure };
  if (failure.disposition === "dead-letter" || deliveries >= maxReceives) return { kind: "dead-lettered", failure };
  return { kind: "retried", failure, delaySeconds: delayFor(failure, deliveries) };
}

function delayFor({ code, retryAfter }: GuardError, deliveries: number): number {
  if (deliveries > maxShortDelays) return longestDelaySeconds;
  return code === "OUT_OF_TIME" ? 0 : (retryAfter ?? retryDelaysSeconds[deliveries - 1] ?? longestDelaySeconds);
}

/** Returns whether SQS must deliver the message again. */
export function comesBack({ kind }: RecordOutcome): boolean {
  return kind === "retried" || kind === "left-in-queue";
}

const logCodes = {
  rejected: "MESSAGE_REJECTED",
  "dead-lettered": "MESSAGE_DEAD_LETTERED",
  retried: "MESSAGE_RETRIED",
  "left-in-queue": "QUEUE_FAILED",
} as const;

/** Logs an outcome, which counts its metric: see log-table.ts. A record that was processed is logged by its function. */
export function logOutcome(
  log: Log,
  outcome: RecordOutcome,
  record: { readonly queue: string; readonly messageId: string; readonly deliveries: number },
): void {
  if (outcome.kind === "done") return;
  const { kind, failure } = outcome;
  const { code, message: reason } = failure;
  log(logCodes[kind], {
    ...{ ...record, code, reason, ...causeOf(failure) },
    ...(kind === "retried" && { seconds: outcome.delaySeconds }),
    ...(kind === "left-in-queue" && causeOf(new Error("queue", { cause: outcome.queueFailure }))),
  });
}
