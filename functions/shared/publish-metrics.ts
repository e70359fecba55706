import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Measurement } from "./metrics.ts";

const metrics = new Metrics();

/** Writes `measurements` as one line in CloudWatch's embedded metric format. */
export function publishMetrics(measurements: readonly Measurement[]): void {
  for (const { name, value, unit } of measurements)
    metrics.addMetric(name, unit === "ms" ? MetricUnit.Milliseconds : MetricUnit.Count, value);
  metrics.publishStoredMetrics();
}
