import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { failureMetrics, slimFailureMetrics } from "../../functions/shared/metric-table.ts";
import { slimMetricFor } from "../../functions/shared/monitoring.ts";
import { packaged } from "../doubles/packaged.ts";
import { alarmsOf, alarmTable, minutesUntilMail, type StackAlarm } from "./alarms/alarms.ts";
import { type Alarm, type Measured, stateChanges } from "./alarms/evaluate.ts";
import { here, Template } from "./local.ts";

const minute = 60_000;
const hour = 60 * minute;

describe("the evaluator of alarms", () => {
  const alarm: Alarm = {
    ...{ name: "a", statistic: "Maximum", periodMs: minute, evaluationPeriods: 3, datapointsToAlarm: 3 },
    ...{ threshold: 0, comparison: "GreaterThanThreshold", missing: "missing" },
  };
  const now = 5 * minute;
  /** `0` within the threshold, `X` beyond it, `-` missing: the last five periods, as AWS's own table has them. */
  const stateAfter = (periods: string, missing: Alarm["missing"]) => {
    const measured = [...periods].flatMap((sign, n) =>
      sign === "-" ? [] : [{ at: n * minute, value: Number(sign === "X") }],
    );
    return stateChanges({ ...alarm, missing }, measured, now, now).at(-1)?.state ?? "INSUFFICIENT_DATA";
  };

  it.each([
    ["0-X-X", "OK", "OK", "OK", "OK"],
    ["0----", "OK", "OK", "OK", "OK"],
    ["-----", "INSUFFICIENT_DATA", "INSUFFICIENT_DATA", "ALARM", "OK"],
    ["--X--", "ALARM", "INSUFFICIENT_DATA", "ALARM", "OK"],
    ["0XX-X", "ALARM", "ALARM", "ALARM", "ALARM"],
  ])("of %s gives missing %s, ignore %s, breaching %s, notBreaching %s", (periods, ...states) => {
    const treatments = ["missing", "ignore", "breaching", "notBreaching"] as const;
    expect(treatments.map((missing) => stateAfter(periods, missing))).toEqual(states);
  });

  it("rings for one of many periods, and says OK when the period has left the range", () => {
    const patient: Alarm = { ...alarm, evaluationPeriods: 15, datapointsToAlarm: 1, missing: "notBreaching" };
    const changes = stateChanges(patient, [{ at: 0, value: 1 }], 0, 30 * minute);
    expect(changes).toEqual([
      { at: 0, state: "OK" },
      { at: minute, state: "ALARM" },
      { at: 18 * minute, state: "OK" },
    ]);
  });
});

describe("an alarm of a stack with slim monitoring", () => {
  let alarms: readonly StackAlarm[];

  beforeAll(async () => {
    const { templateFile, outDir } = await packaged("prod");
    const slim = JSON.parse(readFileSync(templateFile, "utf8"));
    slim.Parameters.Monitoring.Default = "slim";
    const file = join(outDir, `slim-${process.pid}.json`);
    writeFileSync(file, JSON.stringify(slim));
    alarms = alarmsOf(new Template(file, { ...here, queueUrl: (name) => name, apiUrl: () => "" }));
  });

  it.each([
    ["slim-key-at-risk", 0, 2],
    ["slim-nobody-notified", 0, 2],
    ["slim-needs-a-look", 0, 2],
    ["sweep-not-run", 10, 25],
    ["sweep-errors", 1, 6],
    ["guard-behind", 1, 2],
    ["notify-behind", 1, 2],
    ["votes-behind", 1, 2],
  ])("%s is mailed after %i to %i minutes, and there is no other", (name, least, most) => {
    const alarm = alarms.find((each) => each.name === name);
    if (alarm === undefined) throw new Error(`there is no alarm \`${name}\``);
    const minutes = minutesUntilMail(alarm);
    expect(minutes).toBeGreaterThanOrEqual(least);
    expect(minutes).toBeLessThanOrEqual(most);
    expect(alarms).toHaveLength(8);
  });

  it("has one that wakes someone within five minutes for every failure but what strangers can cause", () => {
    const read = (name: string) => alarms.filter(({ metric }) => metric === name);
    const silent = [...failureMetrics, ...slimFailureMetrics].filter((name) => {
      const slim = slimMetricFor(name, 1);
      return slim === undefined || !read(slim).some((alarm) => minutesUntilMail(alarm) <= 5);
    });
    expect(silent).toEqual(["CallbacksRefused"]);
  });

  it("rings once for what every sweep counts, and again after a pause", () => {
    const alarm = alarms.find(({ name }) => name === "slim-key-at-risk");
    const sweeps = Array.from({ length: 40 }, (_, n) => ({ at: n * 5 * minute + (n % 2) * 4 * minute, value: 1 }));
    const again = [{ at: 6 * hour, value: 1 }];
    const changes = alarm === undefined ? [] : stateChanges(alarm, [...sweeps, ...again], 0, 7 * hour);
    expect(changes.filter(({ state }) => state === "ALARM")).toHaveLength(2);
  });
});

describe("an alarm of the stack", () => {
  let template: Template;
  let alarms: readonly StackAlarm[];
  const named = (name: string) => {
    const alarm = alarms.find((each) => each.name === name);
    if (alarm === undefined) throw new Error(`there is no alarm \`${name}\``);
    return alarm;
  };

  beforeAll(async () => {
    const { templateFile } = await packaged("prod");
    template = new Template(templateFile, { ...here, queueUrl: (name) => name, apiUrl: () => "" });
    alarms = alarmsOf(template);
  });

  it("is mailed within six minutes of each failure that is counted", () => {
    const failing = alarms.filter(({ metric }) => failureMetrics.some((name) => name === metric));
    expect(failing).toHaveLength(failureMetrics.length);
    for (const alarm of failing) expect([alarm.name, minutesUntilMail(alarm) <= 6]).toEqual([alarm.name, true]);
  });

  it.each([
    ["keys-at-risk", 10, 15],
    ["checkpoints-unsigned", 55, 65],
    ["log-age", 15, 75],
    ["sweep-not-run", 10, 25],
    ["heartbeat-missing", 90, 180],
    ["guard-behind", 1, 2],
    ["guard-throttles", 10, 20],
    ["guard-dead-letters", 1, 2],
  ])("%s is mailed after %i to %i minutes", (name, least, most) => {
    const minutes = minutesUntilMail(named(name));
    expect(minutes).toBeGreaterThanOrEqual(least);
    expect(minutes).toBeLessThanOrEqual(most);
  });

  it("stands in the table with its minutes", () => {
    const lines = alarmTable(template);
    expect(lines).toHaveLength(alarms.length);
    for (const line of lines) expect(line).toMatch(/^[a-z-]+ +\d+ min {2}\w+$/);
  });

  it("does not ring at the first deployment, before the first sweep or after it", () => {
    const beats: Record<string, number> = {
      ...{ Invocations: 5 * minute, KeysAtRisk: 5 * minute, Heartbeats: hour },
      ...{ LogAgeSeconds: 5 * minute, CheckpointsUnsigned: 5 * minute },
    };
    for (const alarm of alarms) {
      const every = beats[alarm.metric];
      const value = ["KeysAtRisk", "CheckpointsUnsigned"].includes(alarm.metric) ? 0 : 1;
      const measured: Measured[] =
        every === undefined ? [] : Array.from({ length: 300 }, (_, n) => ({ at: 7 * minute + n * every, value }));
      const mails = stateChanges(alarm, measured, 0, 24 * hour).filter(
        ({ state }) => state !== "OK" && alarm.mailed.includes(state),
      );
      expect([alarm.name, mails]).toEqual([alarm.name, []]);
    }
  });

  it.each(["rule-disabled", "restore-denied"])("%s, looked at once an hour, says OK only when it is mended", (name) => {
    // Sweeps come every five minutes, and the first one in each hour looks: 55 to 65 minutes lie between two looks.
    const looks = [0, 65, 120, 185, 240].map((minutes) => ({ at: minutes * minute, value: 1 }));
    const changes = stateChanges(named(name), looks, 0, 7 * hour).filter(({ state }) => state === "OK");
    expect(changes.filter(({ at }) => at > 6 * minute).map(({ at }) => at > 240 * minute)).toEqual([true]);
  });

  it("case-quarantined rings once for a case that every sweep finds damaged, however its sweeps fall", () => {
    const sweeps = Array.from({ length: 40 }, (_, n) => ({ at: n * 5 * minute + (n % 2) * 4 * minute, value: 1 }));
    const changes = stateChanges(named("case-quarantined"), sweeps, 0, 3 * hour);
    expect(changes.filter(({ state }) => state === "ALARM")).toHaveLength(1);
  });

  it("keys-at-risk stays while no sweep looks any more", () => {
    const sweeps = Array.from({ length: 6 }, (_, n) => ({ at: n * 5 * minute, value: 1 }));
    expect(stateChanges(named("keys-at-risk"), sweeps, 0, 10 * hour).map(({ state }) => state)).toEqual(["ALARM"]);
  });
});
