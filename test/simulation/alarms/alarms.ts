import type { Template } from "../local.ts";
import { type Alarm, type Measured, stateChanges } from "./evaluate.ts";

const minute = 60_000;
const hour = 60 * minute;

/** An alarm of the packaged template. */
export interface StackAlarm extends Alarm {
  readonly namespace: string;
  readonly metric: string;
  /** States whose beginning is mailed. */
  readonly mailed: readonly string[];
}

/** Returns the alarms of the stack. */
export function alarmsOf(template: Template): readonly StackAlarm[] {
  return template.ofType("AWS::CloudWatch::Alarm").map(({ properties: alarm }) => ({
    name: String(alarm["AlarmName"]).replace(/^reprieve-[a-z]+-/, ""),
    namespace: String(alarm["Namespace"]),
    metric: String(alarm["MetricName"]),
    statistic: alarm["Statistic"] as Alarm["statistic"],
    periodMs: Number(alarm["Period"]) * 1000,
    evaluationPeriods: Number(alarm["EvaluationPeriods"]),
    datapointsToAlarm: Number(alarm["DatapointsToAlarm"] ?? alarm["EvaluationPeriods"]),
    threshold: Number(alarm["Threshold"]),
    comparison: alarm["ComparisonOperator"] as Alarm["comparison"],
    missing: alarm["TreatMissingData"] as Alarm["missing"],
    mailed: Object.entries({ ALARM: "AlarmActions", OK: "OKActions", INSUFFICIENT_DATA: "InsufficientDataActions" })
      .filter(([, actions]) => alarm[actions] !== undefined)
      .map(([state]) => state),
  }));
}

/** How often (ms) a metric is published while all is well. */
const everyMs: Readonly<Record<string, number>> = {
  ...{ Invocations: 5 * minute, Heartbeats: hour, LogAgeSeconds: 5 * minute },
  ...{ KeysAtRisk: 5 * minute, CheckpointsUnsigned: 5 * minute },
};
/** What each sweep says of now: 0 while all is well. */
const gauges = ["KeysAtRisk", "CheckpointsUnsigned"];

/** What an alarm's metric shows of a fault that begins at `from` (ms): one count, no more data, or a value that stays too high. */
export function measuredOf(
  { metric, namespace, missing, threshold }: StackAlarm,
  from: number,
  until: number,
): Measured[] {
  const values = (begin: number, end: number, step: number, value: number): Measured[] =>
    Array.from({ length: Math.max(0, Math.ceil((end - begin) / step)) }, (_, n) => ({ at: begin + n * step, value }));
  if (missing === "missing") return values(from % (everyMs[metric] ?? minute), from, everyMs[metric] ?? minute, 1);
  if (gauges.includes(metric))
    return [...values(from % (5 * minute), from, 5 * minute, 0), ...values(from, until, 5 * minute, 1)];
  if (namespace === "Reprieve") return [{ at: from, value: threshold + 1 }];
  return values(from, until, minute, threshold + 1);
}

const beginsAt = 12 * hour;

/** Returns the most minutes between the beginning of a fault and the mail of its alarm, over every minute at which it may begin. */
export function minutesUntilMail(alarm: StackAlarm): number {
  const begins = Array.from({ length: alarm.periodMs / minute }, (_, n) => beginsAt + n * minute);
  const waits = begins.map((from) => {
    const until = from + 6 * hour;
    const changes = stateChanges(alarm, measuredOf(alarm, from, until), beginsAt - 8 * hour, until);
    const mail = changes.find(({ at, state }) => at >= from && state !== "OK" && alarm.mailed.includes(state));
    return mail === undefined ? Number.POSITIVE_INFINITY : (mail.at - from) / minute;
  });
  return Math.max(...waits);
}

/** Returns one line for each alarm: how many virtual minutes pass until it is mailed, at most. */
export function alarmTable(template: Template): readonly string[] {
  return alarmsOf(template)
    .map((alarm) => ({ alarm, minutes: minutesUntilMail(alarm) }))
    .toSorted((a, b) => a.minutes - b.minutes || a.alarm.name.localeCompare(b.alarm.name))
    .map(({ alarm, minutes }) => `${alarm.name.padEnd(26)} ${String(minutes).padStart(4)} min  ${alarm.metric}`);
}
