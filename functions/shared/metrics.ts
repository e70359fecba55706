/** What is counted or timed; the names are those that dashboard and alarms use. */
export interface Measurement {
  readonly name: MetricName;
  readonly value: number;
  readonly unit: "count" | "ms";
}

/** Everything that slim monitoring publishes: what an alarm of resources/slim-alarms.yml reads. */
export const slimMetricNames = ["KeyAtRisk", "NobodyNotified", "NeedsALook"] as const;
type SlimMetricName = (typeof slimMetricNames)[number];
const [risk, silence, look] = slimMetricNames;

/**
 * What a metric becomes under slim monitoring: one of three metrics, one of them for each value above a limit, or nothing. The objects are typed so that a new
 * metric has to say it.
 */
type Slim = SlimMetricName | { readonly name: SlimMetricName; readonly above: number } | undefined;

/** Failures: each has an alarm of its own in resources/alarms.yml. */
const failures = {
  AnnouncementsFailed: silence,
  CallbacksFailed: look,
  // Anyone on the internet can cause it: it must not drown the others.
  CallbacksRefused: undefined,
  CasesQuarantined: look,
  ConfirmationsOverdue: risk,
  DeletionsUnconfirmed: look,
  EventsMissed: risk,
  FactsUnreadable: look,
  GuardMessagesRetried: risk,
  KeysLeftDisabled: risk,
  KeysRestoredUnrecorded: silence,
  NotifyMessagesRetried: silence,
  RemediationMessagesRetried: risk,
  RemediationsLeft: risk,
  RemediationsMade: look,
  RequestsUnproven: look,
  RestoresDenied: risk,
  RestoresFailed: risk,
  RulesNotWorking: risk,
  SweepStepsFailed: risk,
  SweepWorkLeft: risk,
  TrailContradicted: look,
  VotesMessagesRetried: risk,
} as const satisfies Readonly<Record<string, SlimMetricName | undefined>>;

/** Failures that alarms on AWS's own metrics show. Slim monitoring does without those alarms, and counts the failures itself. */
const slimFailures = { MessagesDeadLettered: look, NoticesDeadLettered: silence } as const;

const figures = {
  CheckpointsNotCosigned: undefined,
  CheckpointsUnsigned: undefined,
  ControlPlaneCalls: undefined,
  DeletionsAllowed: undefined,
  Heartbeats: undefined,
  KeysAtRisk: { name: risk, above: 0 },
  KeysPending: undefined,
  KeysRestored: undefined,
  // As the alarm log-age.
  LogAgeSeconds: { name: look, above: 7_200 },
  TimeToUsable: undefined,
} as const satisfies Readonly<Record<string, Slim>>;

type FullFailure = keyof typeof failures;
export type FailureMetric = FullFailure | keyof typeof slimFailures;
type FullMetric = FullFailure | keyof typeof figures;
export type MetricName = FullMetric | FailureMetric;

export const failureMetrics = Object.keys(failures) as readonly FullFailure[];
export const slimFailureMetrics = Object.keys(slimFailures) as readonly (keyof typeof slimFailures)[];

/** What full monitoring publishes. Each metric costs money; log anything without an alarm or dashboard line. */
export const metricNames = Object.keys({ ...failures, ...figures }) as readonly FullMetric[];

/** What each metric becomes under slim monitoring. */
export const slimMetrics: Readonly<Record<MetricName, Slim>> = { ...failures, ...slimFailures, ...figures };

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
  return name in failures || name in slimFailures;
}
