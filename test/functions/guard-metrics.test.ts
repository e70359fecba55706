import { describe, expect, it } from "vitest";
import { measure } from "../../functions/shared/case-report.ts";
import { countingCalls } from "../../functions/shared/counted.ts";
import { countingFailures } from "../../functions/shared/log-table.ts";
import { createMetrics, type Measurement } from "../../functions/shared/metrics.ts";

function setUp() {
  const published: Measurement[][] = [];
  const metrics = createMetrics(async (measurements) => {
    published.push([...measurements]);
  });
  return { metrics, published };
}
const one = (name: string) => ({ name, value: 1, unit: "count" });
const report = (...entries: ("key-restored" | "deletion-allowed")[]) => ({
  keyArn: "arn",
  generation: 1,
  entries,
});

describe("the guard's metrics", () => {
  it("are published once, at the end", async () => {
    const { metrics, published } = setUp();
    measure(metrics, { ...report("key-restored"), timeToUsableMs: 1234 });
    measure(metrics, report("deletion-allowed"));
    await Promise.resolve();
    expect(published).toEqual([]);
    await metrics.flush();
    await metrics.flush();
    expect(published).toEqual([
      [one("KeysRestored"), { name: "TimeToUsable", value: 1234, unit: "ms" }, one("DeletionsAllowed")],
    ]);
  });

  it("are published at once where one of them is a failure: no crash takes its alarm along", async () => {
    const { metrics, published } = setUp();
    metrics.count("KeysRestored");
    metrics.count("KeysLeftDisabled");
    await new Promise((resolve) => setImmediate(resolve));
    expect(published).toEqual([[one("KeysRestored"), one("KeysLeftDisabled")]]);
    await metrics.flush();
    expect(published).toHaveLength(1);
  });

  it("of a failure are published at the end, once, where they could not be before", async () => {
    const published: Measurement[][] = [];
    let attempts = 0;
    const metrics = createMetrics(async (measurements) => {
      attempts += 1;
      if (attempts === 1) throw new Error("not loaded yet");
      published.push([...measurements]);
    });
    metrics.count("KeysLeftDisabled");
    await metrics.flush();
    expect(published).toEqual([[one("KeysLeftDisabled")]]);
  });

  it("count a restore or a start of key usage that failed, and nothing that went well", async () => {
    const { metrics, published } = setUp();
    const logged: string[] = [];
    const log = countingFailures((code) => logged.push(code), metrics);
    log("EFFECT_FAILED", { effect: "restore" });
    log("EFFECT_FAILED", { effect: "start-usage" });
    log("CASE_ADVANCED", {});
    await metrics.flush();
    expect(published).toEqual([[one("RestoresFailed"), one("RestoresFailed")]]);
    expect(logged).toEqual(["EFFECT_FAILED", "EFFECT_FAILED", "CASE_ADVANCED"]);
  });

  it("count a restore without a record once, when it is begun", async () => {
    const { metrics, published } = setUp();
    const log = countingFailures(() => {}, metrics);
    for (const entries of [
      ["deletion-detected", "decided", "restore-intended"],
      ["restore-intended", "key-restored"],
      ["key-usable"],
    ])
      log("ACTING_WITHOUT_RECORD", { entries });
    await metrics.flush();
    expect(published).toEqual([[one("KeysRestoredUnrecorded")]]);
  });

  it("count a restore without a record of a key that could not be looked at", async () => {
    const { metrics, published } = setUp();
    const log = countingFailures(() => {}, metrics);
    log("ACTING_WITHOUT_RECORD", { entries: ["deletion-detected", "decided", "restore-intended", "look-denied"] });
    log("ACTING_WITHOUT_RECORD", { entries: ["key-restored", "key-left-disabled"] });
    await metrics.flush();
    expect(published).toEqual([[one("KeysRestoredUnrecorded")]]);
  });

  it.each([
    ["CASE_QUARANTINED", "CasesQuarantined"],
    ["CASE_FULL", "CasesQuarantined"],
    ["DELETION_UNCONFIRMED", "DeletionsUnconfirmed"],
    ["EVENT_MISSED", "EventsMissed"],
    ["KEY_LEFT_DISABLED", "KeysLeftDisabled"],
    ["KEY_HIDDEN", "FactsUnreadable"],
    ["LABELS_UNREADABLE", "FactsUnreadable"],
    ["PAUSE_UNREADABLE", "FactsUnreadable"],
    ["PUBLISH_FAILED", "AnnouncementsFailed"],
    ["RE_EVALUATE_FAILED", "AnnouncementsFailed"],
    ["SWEEP_STEP_FAILED", "SweepStepsFailed"],
    ["SWEEP_WORK_LEFT", "SweepWorkLeft"],
    ["CALLBACK_FAILED", "CallbacksFailed"],
    ["CALLBACK_REFUSED", "CallbacksRefused"],
  ] as const)("count a line %s as %s, for the alarm of that name", async (code, metric) => {
    const { metrics, published } = setUp();
    countingFailures(() => {}, metrics)(code, {});
    await metrics.flush();
    expect(published).toEqual([[one(metric)]]);
  });

  it("count every call that the pace lets through", async () => {
    const { metrics, published } = setUp();
    const pace = countingCalls(async () => {}, metrics);
    await pace();
    await pace();
    await metrics.flush();
    expect(published).toEqual([[one("ControlPlaneCalls"), one("ControlPlaneCalls")]]);
  });

  it("of nothing are not published", async () => {
    const { metrics, published } = setUp();
    measure(metrics, report());
    await metrics.flush();
    expect(published).toEqual([]);
  });
});
