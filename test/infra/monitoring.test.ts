import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { failureMetrics } from "../../functions/shared/metric-table.ts";
import { slimMetricFor, slimMetricNames } from "../../functions/shared/monitoring.ts";
import { root } from "../../scripts/bundle.ts";
import { metricNames } from "../doubles/metric-names.ts";
import { packaged } from "../doubles/packaged.ts";
import { type Monitoring, monthlyCost, resourcesWith } from "./monthly-cost.ts";

type Resources = Parameters<typeof monthlyCost>[1];

const deployment = readFileSync(resolve(root, "docs/deployment.md"), "utf8");
let resources: Resources;

beforeAll(async () => {
  resources = JSON.parse(readFileSync((await packaged("prod")).templateFile, "utf8")).Resources;
});

const alarmsWith = (monitoring: Monitoring) =>
  resourcesWith(monitoring, resources).flatMap(([, { Type, Properties }]) =>
    Type === "AWS::CloudWatch::Alarm" ? [Properties] : [],
  );
const nameOf = (alarm: Readonly<Record<string, unknown>>) => String(alarm["AlarmName"]).replace(/^reprieve-prod-/, "");

/** The table of docs/deployment.md: the alarms that each alarm of slim monitoring stands for; `none` for those without one. */
function table(): ReadonlyMap<string, readonly string[]> {
  const [, section = ""] = deployment.split("## Monitoring\n");
  const rows = [...(section.split("\n## ")[0] ?? "").matchAll(/^\| `?([a-z-]+)`? \| ((?:`[a-z-]+`(?:, )?)+) \|/gm)];
  return new Map(
    rows.map(([, alarm = "", cell = ""]) => [alarm, [...cell.matchAll(/`([a-z-]+)`/g)].map(([, name = ""]) => name)]),
  );
}

describe("the alarms of slim monitoring", () => {
  it("are eight, three of them on its three metrics", () => {
    const slim = alarmsWith("slim");
    expect(slim.map(nameOf).sort()).toEqual([
      ...["guard-behind", "notify-behind", "slim-key-at-risk", "slim-needs-a-look", "slim-nobody-notified"],
      ...["sweep-errors", "sweep-not-run", "votes-behind"],
    ]);
    const own = slim.filter(({ Namespace }) => Namespace === "Reprieve");
    expect(own.map(({ MetricName }) => MetricName)).toEqual(slimMetricNames);
    for (const alarm of own)
      expect(alarm).toMatchObject({
        ...{ AlarmActions: [{ Ref: "AlarmTopic" }], Statistic: "Sum", Period: 60, Threshold: 0 },
        ...{ DatapointsToAlarm: 1, TreatMissingData: "notBreaching" },
        Dimensions: [{ Name: "service", Value: "reprieve-prod" }],
      });
    // Nothing counted any more is not that a key is safe.
    expect(own.flatMap(({ OKActions }) => OKActions ?? [])).toEqual([]);
  });

  it("show that no sweep runs, and that one fails, by AWS's own metrics, which cost nothing to publish", () => {
    const ofSweep = alarmsWith("slim").filter((each) => nameOf(each).startsWith("sweep-"));
    expect(ofSweep.map(({ Namespace, MetricName, Dimensions }) => [Namespace, MetricName, Dimensions])).toEqual(
      ["Invocations", "Errors"].map((metric) => [
        ...["AWS/Lambda", metric],
        [{ Name: "FunctionName", Value: { Ref: "SweepLambdaFunction" } }],
      ]),
    );
  });

  it("stand for all others, or the table of docs/deployment.md says that none does", () => {
    const kept = alarmsWith("slim").map(nameOf);
    const dropped = alarmsWith("full")
      .map(nameOf)
      .filter((name) => !kept.includes(name));
    expect([...table().values()].flat().sort()).toEqual(dropped.sort());
    expect([...table().keys()].sort()).toEqual([
      ...["guard-behind", "none", "notify-behind", "slim-key-at-risk", "slim-needs-a-look", "slim-nobody-notified"],
      ...["sweep-errors", "sweep-not-run", "votes-behind"],
    ]);
  });

  it("stand in that table for the alarms on the metrics that they count", () => {
    const alarmOf: Record<string, string> = {
      ...{ KeyAtRisk: "slim-key-at-risk", NobodyNotified: "slim-nobody-notified", NeedsALook: "slim-needs-a-look" },
    };
    const expected = alarmsWith("full").flatMap((alarm) => {
      const metric = metricNames.find((name) => name === alarm["MetricName"]);
      if (metric === undefined) return [];
      // A value that is bad for any gauge.
      const counted = slimMetricFor(metric, 100_000);
      return counted === undefined ? [] : [[nameOf(alarm), alarmOf[counted]] as const];
    });
    for (const [name, slim] of expected)
      expect([
        name,
        table()
          .get(slim ?? "")
          ?.includes(name),
      ]).toEqual([name, true]);
    expect(expected.length).toBeGreaterThanOrEqual(failureMetrics.length);
  });
});

describe("full monitoring", () => {
  it("has an alarm for each failure, and the dashboard; slim has no dashboard", () => {
    expect(alarmsWith("full")).toHaveLength(53);
    const dashboards = (monitoring: Monitoring) =>
      resourcesWith(monitoring, resources).filter(([, { Type }]) => Type === "AWS::CloudWatch::Dashboard").length;
    expect([dashboards("full"), dashboards("slim")]).toEqual([1, 0]);
  });
});

describe("the cost of a month", () => {
  const withoutFailures = { full: metricNames.length - failureMetrics.length, slim: 0 };
  const worst = { full: metricNames.length, slim: slimMetricNames.length };

  it.each<[Monitoring, number, number]>([
    ["full", 14.78, 21.98],
    ["slim", 4.28, 5.18],
  ])("with %s monitoring is %d USD while nothing fails, and %d at most, as the docs say", (monitoring, usual, most) => {
    expect(monthlyCost(monitoring, resources, withoutFailures[monitoring])).toBe(usual);
    expect(monthlyCost(monitoring, resources, worst[monitoring])).toBe(most);
    expect(deployment).toContain(`| **${monitoring}** | **${usual.toFixed(2)}** | **${most.toFixed(2)}** |`);
  });
});
