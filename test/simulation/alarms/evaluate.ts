/** What of an AWS::CloudWatch::Alarm decides when it changes its state. */
export interface Alarm {
  readonly name: string;
  readonly statistic: "Sum" | "Maximum" | "Minimum";
  readonly periodMs: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: "GreaterThanThreshold" | "LessThanThreshold";
  readonly missing: "breaching" | "notBreaching" | "ignore" | "missing";
}

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** A measurement of the alarm's metric. `at` in ms. */
export interface Measured {
  readonly at: number;
  readonly value: number;
}

export interface StateChange {
  readonly at: number;
  readonly state: AlarmState;
}

/** CloudWatch looks further back than the evaluation periods where data is missing; AWS's examples show two periods more. */
const periodsMore = 2;
const minuteMs = 60_000;

/**
 * Returns the changes of an alarm's state between its creation and `until` (ms), evaluated once a minute over periods that are over. A new alarm is in
 * INSUFFICIENT_DATA. After "Configuring how CloudWatch alarms treat missing data" of the CloudWatch user guide.
 */
export function stateChanges(
  alarm: Alarm,
  measured: readonly Measured[],
  createdAt: number,
  until: number,
): StateChange[] {
  const changes: StateChange[] = [];
  let state: AlarmState = "INSUFFICIENT_DATA";
  for (let now = createdAt; now <= until; now += minuteMs) {
    const next = stateAt(alarm, measured, now, state);
    if (next === state) continue;
    state = next;
    changes.push({ at: now, state });
  }
  return changes;
}

function stateAt(alarm: Alarm, measured: readonly Measured[], now: number, before: AlarmState): AlarmState {
  const { evaluationPeriods: wanted, datapointsToAlarm, missing } = alarm;
  // Data that is there counts before data that is missing.
  const real = breachesIn(alarm, measured, now).slice(-wanted);
  if (real.length === 0 && missing === "missing") return "INSUFFICIENT_DATA";
  const breaching = real.filter((breach) => breach).length;
  const filledUp = breaching + wanted - real.length >= datapointsToAlarm ? "ALARM" : "OK";
  const asItIs = breaching >= datapointsToAlarm ? "ALARM" : "OK";
  if (missing === "ignore") return filledUp === asItIs ? asItIs : before;
  return missing === "notBreaching" ? asItIs : filledUp;
}

const statistics: Readonly<Record<Alarm["statistic"], (values: readonly number[]) => number>> = {
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Maximum: (values) => Math.max(...values),
  Minimum: (values) => Math.min(...values),
};

/** Whether each period of the evaluation range that has data breaches, the oldest first. */
function breachesIn(alarm: Alarm, measured: readonly Measured[], now: number): boolean[] {
  const { periodMs, evaluationPeriods, threshold, comparison, statistic } = alarm;
  const end = Math.floor(now / periodMs);
  const from = end - evaluationPeriods - periodsMore;
  const byPeriod = Map.groupBy(measured, ({ at }) => Math.floor(at / periodMs));
  return Array.from({ length: end - from }, (_, n) => byPeriod.get(from + n) ?? [])
    .filter((period) => period.length > 0)
    .map((period) => {
      const total = statistics[statistic](period.map(({ value }) => value));
      return comparison === "GreaterThanThreshold" ? total > threshold : total < threshold;
    });
}
