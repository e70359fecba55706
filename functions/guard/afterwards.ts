import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createCaseBus } from "../../lib/aws/events/event-bus.ts";
import { createWorkQueue, type WorkQueue } from "../../lib/aws/events/work-queue.ts";
import type { CaseBus } from "../../lib/workflows/ports/guard.ts";
import { clientTimeouts } from "../shared/client-timeouts.ts";
import type { Settings } from "../shared/settings.ts";

/** What is needed only once the key is safe, or when a message fails: telling others, putting aside. */
export interface Afterwards {
  readonly bus: CaseBus;
  readonly queue: WorkQueue;
}

export function createAfterwards(settings: Settings<"guard">): Afterwards {
  return {
    bus: createCaseBus(new EventBridgeClient(clientTimeouts), settings.EVENT_BUS_NAME),
    queue: createWorkQueue(new SQSClient(clientTimeouts), settings.GUARD_QUEUE_URL, settings.DEAD_LETTER_QUEUE_URL),
  };
}
