import type { CaseReport } from "./case-report.ts";

export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: "count" | "ms";
}

/** Numbers for alarms and dashboards, kept until `flush`; none of it ever throws. */
export interface GuardMetrics {
  count(event: "AttemptsRecorded" | "MessagesDeadLettered" | "MessagesRejected" | "MessagesRetried"): void;
  report(report: CaseReport): void;
}

/** Metrics that go to `publish` at the end of an invocation, if there are any. */
export function createGuardMetrics(
  publish: (measurements: readonly Measurement[]) => Promise<void>,
): GuardMetrics & { flush(): Promise<void> } {
  let kept: Measurement[] = [];
  const count = (name: string) => kept.push({ name, value: 1, unit: "count" });
  return {
    count,
    report: ({ entries, timeToUsableMs }) => {
      if (entries.includes("key-restored")) count("KeysRestored");
      if (entries.includes("key-left-disabled")) count("KeysLeftDisabled");
      if (entries.includes("deletion-allowed")) count("DeletionsAllowed");
      if (timeToUsableMs !== undefined) kept.push({ name: "TimeToUsable", value: timeToUsableMs, unit: "ms" });
    },
    flush: async () => {
      const measurements = kept;
      kept = [];
      if (measurements.length > 0) await publish(measurements);
    },
  };
}
