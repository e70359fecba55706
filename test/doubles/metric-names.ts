import { failureMetrics, figures, type MetricName } from "../../functions/shared/metric-table.ts";

/** What full monitoring publishes. */
export const metricNames: readonly MetricName[] = [...failureMetrics, ...(Object.keys(figures) as MetricName[])];
