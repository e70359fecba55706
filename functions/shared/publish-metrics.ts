import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Published } from "./monitoring.ts";

/** Writes `published` as lines in CloudWatch's embedded metric format, all functions of a stage under one dimension. */
export function publishMetrics(published: readonly Published[], stage: string): void {
  if (published.length === 0) return;
  const metrics = new Metrics({ serviceName: `reprieve-${stage}` });
  for (const { name, value, unit } of published)
    metrics.addMetric(name, unit === "ms" ? MetricUnit.Milliseconds : MetricUnit.Count, value);
  metrics.publishStoredMetrics();
}
