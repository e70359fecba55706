import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createCaseBus } from "../lib/aws/event-bus.ts";
import { createGuardQueue, type GuardQueue } from "../lib/aws/guard-queue.ts";
import type { CaseBus } from "../lib/workflows/ports.ts";
import type { Measurement } from "./guard-metrics.ts";
import { patience } from "./patience.ts";
import type { Settings } from "./settings.ts";

/** What is needed only once the key is safe, or when a message fails: telling others, counting, putting aside. */
export interface Afterwards {
  readonly bus: CaseBus;
  readonly queue: GuardQueue;
  readonly publish: (measurements: readonly Measurement[]) => void;
}

export function createAfterwards(settings: Settings): Afterwards {
  const metrics = new Metrics();
  return {
    bus: createCaseBus(new EventBridgeClient(patience), settings.EVENT_BUS_NAME),
    queue: createGuardQueue(new SQSClient(patience), settings.GUARD_QUEUE_URL, settings.DEAD_LETTER_QUEUE_URL),
    publish: (measurements) => {
      for (const { name, value, unit } of measurements)
        metrics.addMetric(name, unit === "ms" ? MetricUnit.Milliseconds : MetricUnit.Count, value);
      metrics.publishStoredMetrics();
    },
  };
}
