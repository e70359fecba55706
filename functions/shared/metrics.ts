/** What is counted or timed; the names are those that dashboards and alarms use. */
export interface Measurement {
  readonly name: MetricName;
  readonly value: number;
  readonly unit: "count" | "ms";
}

export type MetricName =
  | "AttemptsRecorded"
  | "CallbacksRefused"
  | "DeletionsAllowed"
  | "CasesQuarantined"
  | "DeletionsRepeated"
  | "DeletionsUnconfirmed"
  | "EventsMissed"
  | "KeysLeftDisabled"
  | "KeysRestored"
  | "KeysRestoredUnrecorded"
  | "MessagesDeadLettered"
  | "MessagesRejected"
  | "MessagesRetried"
  | "NoticesSent"
  | "SweepStepsFailed"
  | "SweepsOutOfTime"
  | "SweepsRun"
  | "TimeToUsable"
  | "VotesRecorded"
  | "VotesRefused";

/** Numbers for alarms and dashboards, kept until `flush`; none of it ever throws. */
export interface Metrics {
  readonly count: (event: Exclude<MetricName, "TimeToUsable">) => void;
  readonly time: (what: "TimeToUsable", ms: number) => void;
}

/** Metrics that go to `publish` at the end of an invocation, if there are any. */
export function createMetrics(
  publish: (measurements: readonly Measurement[]) => Promise<void>,
): Metrics & { readonly flush: () => Promise<void> } {
  let kept: Measurement[] = [];
  return {
    count: (name) => kept.push({ name, value: 1, unit: "count" }),
    time: (name, value) => kept.push({ name, value, unit: "ms" }),
    flush: async () => {
      const measurements = kept;
      kept = [];
      if (measurements.length > 0) await publish(measurements);
    },
  };
}
