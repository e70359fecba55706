import { figures, type MetricName } from "./metric-table.ts";
import type { Measurement } from "./metrics.ts";

/** Everything that slim monitoring publishes: what an alarm of resources/slim-alarms.yml reads. */
export const slimMetricNames = ["KeyAtRisk", "NobodyNotified", "NeedsALook"] as const;
export type SlimMetricName = (typeof slimMetricNames)[number];

const keyAtRisk: readonly MetricName[] = [
  "ChangesForPeople",
  "ConfirmationsOverdue",
  "EventsMissed",
  "GuardMessagesRetried",
  "KeysAtRisk",
  "KeysLeftDisabled",
  "RemediationMessagesRetried",
  "RemediationsLeft",
  "RestoresDenied",
  "RestoresFailed",
  "RulesNotWorking",
  "SweepStepsFailed",
  "SweepWorkLeft",
  "VotesMessagesRetried",
];
const nobodyNotified: readonly MetricName[] = [
  "AnnouncementsFailed",
  "KeysRestoredUnrecorded",
  "NoticesSetAside",
  "NotifyMessagesRetried",
];
/** The alarm log-age: so old a log (s) needs a look. */
const maxLogAgeSeconds = 7_200;

/**
 * Returns what a metric becomes under slim monitoring, if it has this value. INVARIANT: a failure that is not listed needs a look: a new one is never lost. Only
 * what strangers can cause is left out, as it would drown the others, and what is no failure.
 */
export function slimMetricFor(name: MetricName, value: number): SlimMetricName | undefined {
  if (name === "CallbacksRefused" || value === 0) return undefined;
  if (keyAtRisk.includes(name)) return "KeyAtRisk";
  if (nobodyNotified.includes(name)) return "NobodyNotified";
  const fails = name === "LogAgeSeconds" ? value > maxLogAgeSeconds : !(name in figures);
  return fails ? "NeedsALook" : undefined;
}

/** A measurement under the name by which it is published. */
export interface Published {
  readonly name: string;
  readonly value: number;
  readonly unit: Measurement["unit"];
}

/**
 * Returns what a stack with this monitoring (`full` or `slim`) publishes of the measurements. INVARIANT: for any other monitoring it is both, as it is unknown
 * which alarms there are. What is set aside (slimFailureMetrics, by the ends of their names) is slim alone.
 */
export function publishedOf(
  monitoring: string | undefined,
  measurements: readonly Measurement[],
): readonly Published[] {
  return [
    ...(monitoring === "slim" ? [] : measurements.filter(({ name }) => !name.endsWith("SetAside"))),
    ...(monitoring === "full" ? [] : measurements.flatMap(slimmed)),
  ];
}

function slimmed(measurement: Measurement): readonly Published[] {
  const name = slimMetricFor(measurement.name, measurement.value);
  return name === undefined ? [] : [{ ...measurement, name }];
}
