import { describe, expect, it } from "vitest";
import { dueReminder, nextMoment, type Question } from "../../../lib/domain/case/question.ts";
import { t0 } from "../../doubles/key-world.ts";

/** Asked at `t0`, to be answered within 1,000 s: reminders are due after 500, 800 and 950 s. */
const question = (reminded: Question["reminded"]): Question => ({
  ...{ askedAt: t0, deadline: t0 + 1_000_000, reminded },
  ...{ approvals: [], state: "open" },
});

describe("a reminder", () => {
  it.each([
    [0, 499_999, undefined],
    [0, 500_000, 50],
    [50, 500_000, undefined],
    [50, 799_999, undefined],
    [50, 800_000, 80],
    [80, 950_000, 95],
    [95, 999_999, undefined],
  ] as const)("after %i percent, at %i ms, is %s", (reminded, ms, percent) => {
    expect(dueReminder(question(reminded), t0 + ms)).toBe(percent);
  });

  it("is the last of several that were missed: nobody is reminded three times at once", () => {
    expect(dueReminder(question(0), t0 + 960_000)).toBe(95);
    expect(dueReminder(question(0), t0 + 850_000)).toBe(80);
    expect(dueReminder(question(50), t0 + 960_000)).toBe(95);
  });

  it("is the next moment to look at a question, and after the last one its deadline", () => {
    const moments = ([0, 50, 80, 95] as const).map((reminded) => nextMoment(question(reminded)) - t0);
    expect(moments).toEqual([500_000, 800_000, 950_000, 1_000_000]);
  });
});
