import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Measurement } from "./metrics.ts";
import { publishedOf } from "./monitoring.ts";

/** Where measurements go: the stage, and its monitoring (`full` or `slim`). */
interface Destination {
  readonly stage: string;
  readonly monitoring: string;
}

/** Writes what the stack publishes of `measurements` as lines in CloudWatch's embedded metric format, all functions of a stage under one dimension. */
export function publishMetrics(measurements: readonly Measurement[], { stage, monitoring }: Destination): void {
  const published = publishedOf(monitoring, measurements);
  if (published.length === 0) return;
  const metrics = new Metrics({ serviceName: `reprieve-${stage}` });
  for (const { name, value, unit } of published)
    metrics.addMetric(name, unit === "ms" ? MetricUnit.Milliseconds : MetricUnit.Count, value);
  metrics.publishStoredMetrics();
}
