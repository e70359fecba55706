import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { WorkQueue } from "../../lib/aws/events/work-queue.ts";
import type { ChangeDeps } from "../../lib/workflows/change/change-deps.ts";
import { guardChange } from "../../lib/workflows/change/guard-change.ts";
import { recordMissed } from "../../lib/workflows/change/record-missed.ts";
import { startOnRequest } from "../../lib/workflows/change/start-on-request.ts";
import type { Log } from "../../lib/workflows/ports/guard.ts";
import type { LockOutDeps } from "../../lib/workflows/remediate/lock-out-deps.ts";
import { undoLockOut } from "../../lib/workflows/remediate/undo-lock-out.ts";
import { type TamperDeps, undoTamper } from "../../lib/workflows/remediate/undo-tamper.ts";
import { processBatch, type QueueConsumer, type QueueDeps } from "../shared/queue-batch.ts";
import { parseRemediationMessage, type RemediationMessage } from "./parse-message.ts";

/** What one batch works with. */
export interface RemediationBatch extends QueueDeps {
  readonly lockOuts: LockOutDeps;
  readonly tamper: TamperDeps;
  readonly changes: ChangeDeps;
  /** The queue of changes: a storm of them never delays the undoing of a lock-out. */
  readonly changeQueue: WorkQueue;
  readonly changeQueueName: string;
  readonly log: Log;
}

/** Three paced calls of the control plane, five of the table and one of the bus; a change takes up to six slow calls. */
const messageTimeMs = { remediation: 15_000, changes: 30_000 } as const;

/** Processes a batch of one of the queues of remediation: each may hold every kind of message, as dead letters of both go back to the first. */
export async function handleBatch(
  batch: RemediationBatch,
  event: SQSEvent,
  context: Pick<Context, "getRemainingTimeInMillis">,
): Promise<SQSBatchResponse> {
  const isOfChanges = event.Records.every(({ eventSourceARN }) => eventSourceARN.endsWith(`:${batch.changeQueueName}`));
  const name = isOfChanges ? "changes" : "remediation";
  const consumer: QueueConsumer<RemediationMessage> = {
    ...batch,
    ...{ name, messageTimeMs: messageTimeMs[name], queue: isOfChanges ? batch.changeQueue : batch.queue },
    parse: (body) => parseRemediationMessage(body, batch.stack),
    process: async (message, deliveries) => await handleMessage(batch, message, deliveries),
  };
  return await processBatch(consumer, event, context);
}

async function handleMessage(
  { lockOuts, tamper, changes }: RemediationBatch,
  message: RemediationMessage,
  deliveries: number,
): Promise<void> {
  switch (message.kind) {
    case "denial":
      return await undoLockOut(lockOuts, message.denial);
    case "change":
      return await guardChange(changes, message.change, deliveries);
    case "change-request":
      return await startOnRequest(changes, message.name, deliveries);
    case "missed":
      return await recordMissed(changes, message.missed, deliveries);
    case "tamper":
      return await undoTamper(tamper, message.call);
  }
}
