import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countingFailures } from "../../functions/shared/log-table.ts";
import { failureMetrics, type MetricName, slimFailureMetrics } from "../../functions/shared/metric-table.ts";
import { createMetrics, type Measurement } from "../../functions/shared/metrics.ts";
import { publishedOf, slimMetricNames } from "../../functions/shared/monitoring.ts";
import { metricNames } from "../doubles/metric-names.ts";

const count = (name: MetricName, value = 1): Measurement => ({ name, value, unit: "count" });
const namesOf = (monitoring: string, ...measurements: Measurement[]) =>
  publishedOf(monitoring, measurements).map(({ name }) => name);
const anything = fc.array(
  fc.record({
    name: fc.constantFrom(...metricNames, ...slimFailureMetrics),
    value: fc.nat(20_000),
    unit: fc.constant("count" as const),
  }),
);

describe("slim monitoring", () => {
  it.each<[MetricName, number, readonly string[]]>([
    ["RestoresFailed", 1, ["KeyAtRisk"]],
    ["SweepStepsFailed", 3, ["KeyAtRisk"]],
    ["AnnouncementsFailed", 1, ["NobodyNotified"]],
    ["KeysRestoredUnrecorded", 1, ["NobodyNotified"]],
    ["NoticesSetAside", 1, ["NobodyNotified"]],
    ["MessagesSetAside", 1, ["NeedsALook"]],
    ["TrailContradicted", 1, ["NeedsALook"]],
    ["CallbacksRefused", 1_000, []],
    ["KeysAtRisk", 0, []],
    ["KeysAtRisk", 1, ["KeyAtRisk"]],
    ["LogAgeSeconds", 7_200, []],
    ["LogAgeSeconds", 7_201, ["NeedsALook"]],
    ["Heartbeats", 1, []],
    ["ControlPlaneCalls", 9, []],
  ])("publishes %s of %i as %j", (name, value, expected) => {
    expect(namesOf("slim", count(name, value))).toEqual(expected);
  });

  it("keeps the values: the alarms look for any above 0", () => {
    expect(publishedOf("slim", [count("RestoresFailed", 4), count("KeysAtRisk", 7)])).toEqual([
      ...[4, 7].map((value) => ({ name: "KeyAtRisk", value, unit: "count" })),
    ]);
  });

  it("publishes every failure but what strangers can cause, and never anything else than three metrics", () => {
    const all = [...failureMetrics, ...slimFailureMetrics];
    expect(all.filter((name) => namesOf("slim", count(name)).length === 0)).toEqual(["CallbacksRefused"]);
    fc.assert(
      fc.property(anything, (measurements) => {
        const names: readonly string[] = slimMetricNames;
        return publishedOf("slim", measurements).every(({ name, value }) => names.includes(name) && value >= 0);
      }),
    );
  });

  it("publishes at once that a message was set aside: no alarm on a dead-letter queue shows it", async () => {
    const published: string[] = [];
    const metrics = createMetrics(async (measurements) => {
      published.push(...publishedOf("slim", measurements).map(({ name }) => name));
    });
    const log = countingFailures(() => {}, metrics);
    log("MESSAGE_DEAD_LETTERED", { queue: "notify" });
    log("MESSAGE_DEAD_LETTERED", { queue: "votes" });
    await new Promise((resolve) => setImmediate(resolve));
    expect(published).toEqual(["NobodyNotified", "NeedsALook"]);
  });
});

describe("full monitoring", () => {
  it("publishes every measurement as it is, but for what SQS counts as well", () => {
    fc.assert(
      fc.property(anything, (measurements) => {
        const dead: readonly string[] = slimFailureMetrics;
        expect(publishedOf("full", measurements)).toEqual(measurements.filter(({ name }) => !dead.includes(name)));
      }),
    );
  });
});

describe("a monitoring that is neither", () => {
  it.each(["", "none"])("(`%s`) publishes for both, as nobody knows which alarms there are", (monitoring) => {
    expect(namesOf(monitoring, count("RestoresFailed"))).toEqual(["RestoresFailed", "KeyAtRisk"]);
  });
});
