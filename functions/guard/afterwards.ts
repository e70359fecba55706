import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createCallBook } from "../../lib/aws/dynamodb/call-book.ts";
import { createCaseBus } from "../../lib/aws/events/event-bus.ts";
import { createWorkQueue, type WorkQueue } from "../../lib/aws/events/work-queue.ts";
import type { DeletionAttempt } from "../../lib/domain/deletion/request.ts";
import type { CaseBus } from "../../lib/workflows/ports/guard.ts";
import { recordRefusedCall } from "../../lib/workflows/stack/record-refused-call.ts";
import { clientTimeouts } from "../shared/client-timeouts.ts";
import type { Settings } from "../shared/settings.ts";

/** What is needed only once the key is safe, when a message fails, or where no key is in danger. */
export interface Afterwards {
  readonly bus: CaseBus;
  readonly queue: WorkQueue;
  /** Records a DeleteKey call that failed. */
  readonly recordRefused: (attempt: DeletionAttempt) => Promise<void>;
}

export function createAfterwards(settings: Settings<"guard">, store: DynamoDBClient, clock: () => number): Afterwards {
  const calls = createCallBook(store, settings.CASES_TABLE);
  return {
    bus: createCaseBus(new EventBridgeClient(clientTimeouts), settings.EVENT_BUS_NAME),
    queue: createWorkQueue(new SQSClient(clientTimeouts), settings.GUARD_QUEUE_URL, settings.DEAD_LETTER_QUEUE_URL),
    recordRefused: async (attempt) => await recordRefusedCall({ calls, clock }, attempt),
  };
}
