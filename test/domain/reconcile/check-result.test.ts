import { describe, expect, it } from "vitest";
import { contradictionIn } from "../../../lib/domain/reconcile/check-result.ts";
import { differenceClasses, differenceClassNames } from "../../../lib/domain/reconcile/classes.ts";
import type { Reconciliation } from "../../../lib/domain/reconcile/result.ts";
import { reconciled } from "../../doubles/report-data.ts";

const classesWith = (counts: Partial<Record<string, number>> = {}): Reconciliation["classes"] =>
  differenceClassNames().map((name) => ({ class: name, ...differenceClasses[name], count: counts[name] ?? 0 }));
const difference = { class: "A" as const, at: 0, says: "no case" };
const population = { events: 5, matched: 4, unmatched: [{ class: "A" as const, count: 1 }], duplicates: 0 };
const whole = reconciled({ classes: classesWith() });
const found = reconciled({
  ...{ classes: classesWith({ A: 1 }), differences: [difference], differencesInAll: 1, verdict: "exceptions" },
  population: { ...population, corrected: 0, failed: 0 },
});
const harmful = { reason: "a file that is cut off", count: 1, isHarmless: false };

describe("a result of a reconciliation", () => {
  it("that was left as it was contradicts nothing", () => {
    expect(contradictionIn(whole)).toBeUndefined();
    expect(contradictionIn(found)).toBeUndefined();
    expect(contradictionIn({ ...whole, unread: [{ ...harmful, isHarmless: true }] })).toBeUndefined();
    expect(contradictionIn({ ...whole, unread: [harmful], verdict: "not-proven" })).toBeUndefined();
    expect(contradictionIn({ ...whole, export: "damaged", verdict: "exceptions" })).toBeUndefined();
  });

  it.each<[string, Reconciliation, string]>([
    ["a better verdict", { ...found, verdict: "complete" }, "its verdict is"],
    ["a verdict on a linked export", { ...whole, export: "linked" }, "its verdict is"],
    ["a verdict on a damaged export", { ...whole, export: "damaged" }, "its verdict is"],
    ["a verdict although a file was not read", { ...whole, unread: [harmful] }, "its verdict is"],
    ["more matched", { ...found, population: { ...found.population, matched: 5 } }, "the sum of the matched"],
    ["fewer events", { ...found, changes: { ...found.population, events: 4 } }, "the sum of the matched"],
    ["no classes", { ...whole, classes: [] }, "every class"],
    ["a class twice", { ...whole, classes: [...whole.classes.slice(0, 11), ...whole.classes.slice(0, 1)] }, "every"],
    [
      "a lighter class",
      { ...found, verdict: "complete", classes: found.classes.map((each) => ({ ...each, weight: "list" as const })) },
      "every class",
    ],
    ["fewer in a class", { ...found, classes: classesWith() }, "the sum of its classes"],
    [
      "another class of an event",
      { ...found, classes: classesWith({ K: 1 }), differences: [] },
      "list its differences",
    ],
    ["a listed class that is not counted", { ...found, classes: classesWith({ K: 1 }) }, "lists more differences"],
    [
      "an unmatched class that is not counted",
      { ...found, classes: classesWith({ K: 1 }), differences: [{ ...difference, class: "K" }] },
      "unmatched events of a class",
    ],
    [
      "a gap without its difference",
      { ...whole, coverage: { gaps: [{ from: 0, to: 1, why: "no digest covers this time" }] } },
      "more gaps",
    ],
  ])("with %s contradicts itself", (_, result, text) => {
    expect(contradictionIn(result)).toContain(text);
  });
});
