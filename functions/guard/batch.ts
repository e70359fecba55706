import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { parseQueueMessage } from "../../lib/aws/cloudtrail/event.ts";
import type { QueueMessage } from "../../lib/aws/cloudtrail/queue-message.ts";
import type { DeletionAttempt } from "../../lib/domain/deletion/request.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { isSensitive } from "../../lib/domain/key/sensitivity.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { probeRestore } from "../../lib/workflows/guard/probe-restore.ts";
import type { Guard, Trigger } from "../../lib/workflows/guard/run.ts";
import { measure, reportOf } from "../shared/case-report.ts";
import type { Metrics } from "../shared/metrics.ts";
import { processBatch, type QueueConsumer, type QueueDeps } from "../shared/queue-batch.ts";

/** What one batch works with. */
export interface GuardBatch extends QueueDeps {
  readonly guard: Guard;
  readonly metrics: Metrics;
  /** Records a DeleteKey call that failed. */
  readonly recordRefused: (attempt: DeletionAttempt) => Promise<void>;
}

/** Five paced calls, or one that times out three times. */
const messageTimeMs = 10_000;

/** Processes a batch of the guard queue, the most sensitive keys first. */
export async function handleBatch(
  batch: GuardBatch,
  event: SQSEvent,
  context: Pick<Context, "getRemainingTimeInMillis">,
): Promise<SQSBatchResponse> {
  const { guard, stack } = batch;
  const consumer: QueueConsumer<QueueMessage> = {
    ...batch,
    name: "guard",
    messageTimeMs,
    log: guard.log,
    isUrgent: namesSensitiveKey,
    parse: (body) => parseQueueMessage(body, stack),
    process: async (message, deliveries) => await handleMessage(batch, message, deliveries),
  };
  return await processBatch(consumer, event, context);
}

/** A hint, unparsed: a sender who forges it gains a place in the line, and nothing else. */
function namesSensitiveKey(body: string): boolean {
  const usage = /"keyUsage":\s*"(\w{1,64})"/.exec(body)?.[1];
  return usage !== undefined && isSensitive(usage);
}

async function handleMessage(
  { guard, metrics, stack, recordRefused }: GuardBatch,
  message: QueueMessage,
  deliveries: number,
): Promise<void> {
  switch (message.kind) {
    case "deletion":
      return await guardAndReport(guard, metrics, { source: "event", request: message.request, deliveries });
    case "service-event":
      if (message.keyArn !== undefined)
        await guardAndReport(guard, metrics, { source: "service-event", keyArn: message.keyArn, deliveries });
      else if (message.hint !== undefined)
        await guardAndReport(guard, metrics, { source: "hint", target: message.hint, deliveries });
      return;
    case "re-evaluate":
      return await guardAndReport(guard, metrics, { source: "re-evaluate", ...message.name, deliveries });
    case "probe":
      return await probeRestore({ ...guard, stack });
    case "attempt":
      await recordRefused(message.attempt);
      guard.log("ATTEMPT_RECORDED", { eventId: message.attempt.eventId, errorCode: message.attempt.errorCode });
      return;
    case "refused":
      if (message.hint !== undefined)
        await guardAndReport(guard, metrics, { source: "hint", target: message.hint, deliveries });
      throw new GuardError(message.code, message.disposition, message.message);
  }
}

async function guardAndReport(guard: Guard, metrics: Metrics, trigger: Trigger): Promise<void> {
  for (const file of await guardDeletion(guard, trigger)) {
    const report = reportOf(file);
    if (report === undefined) continue;
    guard.log("CASE_ADVANCED", { ...report });
    measure(metrics, report);
  }
}
