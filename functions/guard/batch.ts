import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { parseQueueMessage, type QueueMessage } from "../../lib/aws/cloudtrail/event.ts";
import type { WorkQueue } from "../../lib/aws/events/work-queue.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { isSensitive } from "../../lib/domain/key/sensitivity.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { Guard, Trigger } from "../../lib/workflows/guard/run.ts";
import { measure, reportOf } from "../shared/case-report.ts";
import type { Metrics } from "../shared/metrics.ts";
import { workOff } from "../shared/queue-batch.ts";

/** What one batch works with. */
export interface GuardBatch {
  readonly guard: Guard;
  readonly queue: WorkQueue;
  readonly stack: { readonly account: string; readonly region: string };
  /** Deliveries after which a message is put aside with its code. */
  readonly maxReceives: number;
  readonly metrics: Metrics;
}

/** A message needs about this long (ms) at the most: five paced calls, or one that times out three times. */
const timePerMessage = 10_000;

/** One batch of the guard queue, the most sensitive keys first. */
export async function handleBatch(
  batch: GuardBatch,
  event: SQSEvent,
  context: Pick<Context, "getRemainingTimeInMillis">,
): Promise<SQSBatchResponse> {
  const { guard, queue, maxReceives, stack } = batch;
  return await workOff(
    { name: "guard", queue, maxReceives, timePerMessage, log: guard.log },
    { Records: event.Records.toSorted((a, b) => Number(speaksOfSensitive(b)) - Number(speaksOfSensitive(a))) },
    context,
    async (body, deliveries) => await handleMessage(batch, parseQueueMessage(body, stack), deliveries),
  );
}

/** A hint, unparsed: whoever forges it gains a place in the line, and nothing else. */
function speaksOfSensitive({ body }: SQSRecord): boolean {
  const usage = /"keyUsage":\s*"(\w{1,64})"/.exec(body)?.[1];
  return usage !== undefined && isSensitive(usage);
}

async function handleMessage({ guard, metrics }: GuardBatch, message: QueueMessage, deliveries: number): Promise<void> {
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
    case "attempt":
      await guard.cases.recordAttempt(message.attempt);
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
