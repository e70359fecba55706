import { type CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { printableText } from "../../lib/domain/printable-text.ts";
import { allPages } from "./all-pages.ts";
import { bad, type Check, good, notMade } from "./check.ts";
import { type Attempt, outcome } from "./outcome.ts";

/** An alarm as CloudWatch describes it. */
export interface Alarm {
  readonly name: string;
  readonly rings: boolean;
  /** Whether anyone is notified when it rings: its actions may be disabled, or removed. */
  readonly acts: boolean;
}

/** Returns every alarm whose name begins with `prefix`, on every page. Throws what CloudWatch answers. */
export async function alarmsNamed(client: Pick<CloudWatchClient, "send">, prefix: string): Promise<readonly Alarm[]> {
  const alarms = await allPages(async (token) => {
    const request = { AlarmNamePrefix: prefix, MaxRecords: 100, ...(token !== undefined && { NextToken: token }) };
    const { MetricAlarms: parts, NextToken: next } = await client.send(new DescribeAlarmsCommand(request));
    return { parts, next };
  });
  return alarms.map(({ AlarmName: name = "", StateValue, ActionsEnabled, AlarmActions }) => ({
    name,
    // That no sweep runs is no ALARM but missing data (resources/alarms.yml).
    rings: StateValue === "ALARM" || (StateValue === "INSUFFICIENT_DATA" && name === `${prefix}sweep-not-run`),
    acts: ActionsEnabled === true && (AlarmActions ?? []).length > 0,
  }));
}

/** The alarms of a template: those of every such stack, and those that depend on a condition. */
interface Expected {
  readonly always: readonly string[];
  readonly perhaps: readonly string[];
}

/** Judges the alarms against the running template: the prefix of their names may be that of another stage's, too. */
export async function alarmCheck(
  alarms: () => Promise<readonly Alarm[]>,
  template: Attempt<string>,
  revertDrift: string,
): Promise<Check> {
  const subject = "alarms";
  if (!template.ok) return notMade(subject, template.why, "cloudformation:GetTemplate");
  const expected = expectedIn(template.value);
  if (expected === undefined) return bad(subject, `the running template names none: ${revertDrift}`);
  const asked = await outcome(alarms());
  if (!asked.ok) return notMade(subject, asked.why, "cloudwatch:DescribeAlarms");
  const own = asked.value.filter(({ name }) => expected.always.includes(name) || expected.perhaps.includes(name));
  const missing = expected.always.filter((name) => !own.some((alarm) => alarm.name === name));
  const named = (found: readonly Alarm[]) => found.map(({ name }) => name);
  const faults = [
    faultOf(missing, `deleted by someone: ${revertDrift}`),
    faultOf(
      named(own.filter(({ acts }) => !acts)),
      "NOBODY is notified by it: aws cloudwatch enable-alarm-actions --alarm-names ..., or, where the action is gone, as above",
    ),
    faultOf(named(own.filter(({ rings }) => rings)), "see docs/runbook.md"),
  ].flat();
  return faults.length === 0 ? good(subject, `${own.length}, and none rings`) : bad(subject, faults.join("; "));
}

function faultOf(names: readonly string[], text: string): readonly string[] {
  return names.length === 0 ? [] : [`${printableText(names.join(", "), 300)}: ${text}`];
}

interface Resource {
  readonly Type?: unknown;
  readonly Condition?: unknown;
  readonly Properties?: { readonly AlarmName?: unknown };
}

/** Returns the alarms that a template names; undefined for one that names none, or cannot be read. */
function expectedIn(template: string): Expected | undefined {
  const { Resources = {} } = parsed(template);
  const alarms = Object.values(Resources).flatMap(({ Type, Condition, Properties }) => {
    const name = Properties?.AlarmName;
    return Type === "AWS::CloudWatch::Alarm" && typeof name === "string"
      ? [{ name, isSure: Condition === undefined }]
      : [];
  });
  const names = (isSure: boolean) => alarms.filter((alarm) => alarm.isSure === isSure).map(({ name }) => name);
  return alarms.length === 0 ? undefined : { always: names(true), perhaps: names(false) };
}

function parsed(template: string): { readonly Resources?: Readonly<Record<string, Resource>> } {
  try {
    return JSON.parse(template) as ReturnType<typeof parsed>;
  } catch {
    return {};
  }
}
