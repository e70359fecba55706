import { figures, type MetricName } from "./metric-table.ts";

/** What is counted or timed; the names are those that dashboard and alarms use. */
export interface Measurement {
  readonly name: MetricName;
  readonly value: number;
  readonly unit: "count" | "ms";
}

/** Numbers for alarms and dashboard; none of it ever throws. */
export interface Metrics {
  readonly count: (event: Exclude<MetricName, "TimeToUsable">, times?: number) => void;
  readonly time: (duration: "TimeToUsable", ms: number) => void;
}

/**
 * Metrics that go to `publish` at the end of an invocation, if there are any. INVARIANT: a failure is published at once: an environment that dies
 * later takes no alarm with it.
 */
export function createMetrics(
  publish: (measurements: readonly Measurement[]) => Promise<void>,
): Metrics & { readonly flush: () => Promise<void> } {
  let kept: Measurement[] = [];
  let early = Promise.resolve();
  const publishKept = async () => {
    const measurements = kept;
    kept = [];
    try {
      if (measurements.length > 0) await publish(measurements);
    } catch (error) {
      kept = [...measurements, ...kept];
      throw error;
    }
  };
  return {
    count: (name, times = 1) => {
      kept.push({ name, value: times, unit: "count" });
      // What cannot be published now is published, or fails, at the end of the invocation.
      if (isFailureMetric(name)) early = early.then(publishKept).catch(() => {});
    },
    time: (name, value) => kept.push({ name, value, unit: "ms" }),
    flush: async () => {
      await early;
      await publishKept();
    },
  };
}

function isFailureMetric(name: MetricName): boolean {
  return !(name in figures);
}
