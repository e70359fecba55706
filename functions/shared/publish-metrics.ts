import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Measurement } from "./metrics.ts";

/** Writes `measurements` as lines in CloudWatch's embedded metric format, all functions of a stage under one dimension. */
export function publishMetrics(measurements: readonly Measurement[], stage: string): void {
  const metrics = new Metrics({ serviceName: `reprieve-${stage}` });
  for (const { name, value, unit } of measurements)
    metrics.addMetric(name, unit === "ms" ? MetricUnit.Milliseconds : MetricUnit.Count, value);
  metrics.publishStoredMetrics();
}
