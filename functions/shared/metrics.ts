/** What is counted or timed; the names are those that dashboard and alarms use. */
export interface Measurement {
  readonly name: MetricName;
  readonly value: number;
  readonly unit: "count" | "ms";
}

/** Twelve, for each costs money every month: what nobody is woken for or draws a line of stands in the log alone. */
export const metricNames = [
  "CallbacksRefused",
  "CasesQuarantined",
  "ControlPlaneCalls",
  "DeletionsAllowed",
  "DeletionsUnconfirmed",
  "EventsMissed",
  "KeysLeftDisabled",
  "KeysPending",
  "KeysRestored",
  "KeysRestoredUnrecorded",
  "RestoresFailed",
  "TimeToUsable",
] as const;
export type MetricName = (typeof metricNames)[number];

/** Numbers for alarms and dashboard, kept until `flush`; none of it ever throws. */
export interface Metrics {
  readonly count: (event: Exclude<MetricName, "TimeToUsable">, times?: number) => void;
  readonly time: (what: "TimeToUsable", ms: number) => void;
}

/** Metrics that go to `publish` at the end of an invocation, if there are any. */
export function createMetrics(
  publish: (measurements: readonly Measurement[]) => Promise<void>,
): Metrics & { readonly flush: () => Promise<void> } {
  let kept: Measurement[] = [];
  return {
    count: (name, times = 1) => kept.push({ name, value: times, unit: "count" }),
    time: (name, value) => kept.push({ name, value, unit: "ms" }),
    flush: async () => {
      const measurements = kept;
      kept = [];
      if (measurements.length > 0) await publish(measurements);
    },
  };
}
