import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
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
  readonly log: Log;
}

/** Three paced calls of the control plane, five of the table and one of the bus. */
const messageTimeMs = 15_000;

/** Processes a batch of the remediation queue. */
export async function handleBatch(
  batch: RemediationBatch,
  event: SQSEvent,
  context: Pick<Context, "getRemainingTimeInMillis">,
): Promise<SQSBatchResponse> {
  const consumer: QueueConsumer<RemediationMessage> = {
    ...batch,
    ...{ name: "remediation", messageTimeMs },
    parse: (body) => parseRemediationMessage(body, batch.stack),
    process: async (message) => {
      if (message.kind === "denial") await undoLockOut(batch.lockOuts, message.denial);
      else await undoTamper(batch.tamper, message.call);
    },
  };
  return await processBatch(consumer, event, context);
}
