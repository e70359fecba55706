import { describe, expect, it } from "vitest";
import { GuardError } from "../../../lib/domain/guard-error.ts";
import type { AlarmChange } from "../../../lib/domain/stack/alarm-change.ts";
import { recordAlarm } from "../../../lib/workflows/stack/record-alarm.ts";
import { t0 } from "../../doubles/key-world.ts";
import { createMemoryStackBook } from "../../doubles/stack-records.ts";

const minute = 60_000;
const day = 86_400_000;
const began: AlarmChange = {
  ...{ alarm: "reprieve-dev-sweep-missing", state: "ALARM", changedAt: t0, reason: "no datapoints" },
  before: { state: "OK", since: t0 - day },
};
const ended: AlarmChange = {
  ...{ alarm: began.alarm, state: "OK", changedAt: t0 + 5 * minute, reason: "1 datapoint" },
  before: { state: "ALARM", since: t0 },
};

function setUp() {
  const book = createMemoryStackBook();
  const logged: string[] = [];
  const deps = { book, log: (code: string) => void logged.push(code), clock: () => t0 + 6 * minute };
  const kinds = () => [...book.chains.values()].map(({ entries }) => entries.map(({ kind }) => kind));
  return { book, logged, deps, kinds };
}

describe("an alarm that changes its state", () => {
  it("is recorded once at its begin and once at its end, however often and in whatever order the events come", async () => {
    const { book, deps, kinds, logged } = setUp();
    for (const change of [ended, began, began, ended]) await recordAlarm(deps, change);
    expect(kinds()).toEqual([["alarm-ended", "alarm-began"]]);
    expect(logged).toEqual(["ALARM_RECORDED", "ALARM_RECORDED"]);
    const [chain] = [...book.chains.values()];
    expect(chain?.entries).toMatchObject([
      { state: "OK", beganAt: t0 },
      { changedAt: t0, reason: "no datapoints" },
    ]);
  });

  it("that rings twice on a day has two entries", async () => {
    const { deps, kinds } = setUp();
    await recordAlarm(deps, began);
    await recordAlarm(deps, { ...began, changedAt: t0 + minute });
    await recordAlarm(deps, { ...began, alarm: "reprieve-dev-dead-letters" });
    expect(kinds()).toEqual([["alarm-began", "alarm-began", "alarm-began"]]);
  });

  it.each<readonly [string, AlarmChange]>([
    ["from OK to a lack of data", { ...ended, state: "INSUFFICIENT_DATA", before: { state: "OK" } }],
    ["from a lack of data to OK", { ...ended, before: { state: "INSUFFICIENT_DATA" } }],
    ["from nothing to OK", { alarm: "a", state: "OK", changedAt: t0, reason: "" }],
    ["from ALARM to ALARM", { ...began, before: { state: "ALARM" } }],
  ])("is not recorded %s", async (_, change) => {
    const { deps, kinds } = setUp();
    await recordAlarm(deps, change);
    expect(kinds()).toEqual([]);
  });

  it("goes on in further chains of the day once one is full, and a duplicate is found in the first", async () => {
    const { book, deps } = setUp();
    const at = (n: number) => ({ ...began, changedAt: t0 + n });
    for (let n = 0; n < 230; n++) await recordAlarm(deps, at(n));
    await recordAlarm(deps, at(3));
    expect([...book.chains].map(([name, { entries }]) => [name.split("#")[2], entries.length])).toEqual([
      ["1", 100],
      ["2", 100],
      ["3", 30],
    ]);
  });

  it("is recorded beside what another instance writes between read and write", async () => {
    const { book, deps, kinds } = setUp();
    let others = 3;
    const racing = {
      ...book,
      read: async (name: Parameters<typeof book.read>[0]) => {
        const found = await book.read(name);
        others -= 1;
        if (others >= 0) await recordAlarm(deps, { ...began, changedAt: t0 + others });
        return found;
      },
    };
    await recordAlarm({ ...deps, book: racing }, ended);
    expect(kinds()).toEqual([["alarm-began", "alarm-began", "alarm-began", "alarm-ended"]]);
  });

  it("waits in its queue while the table cannot be written", async () => {
    const { book, deps } = setUp();
    const save = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    await expect(recordAlarm({ ...deps, book: { ...book, save } }, began)).rejects.toMatchObject({
      ...{ code: "STORE_UNAVAILABLE", disposition: "retry" },
    });
    const conflict = async () => "conflict" as const;
    await expect(recordAlarm({ ...deps, book: { ...book, save: conflict } }, began)).rejects.toMatchObject({
      ...{ code: "CASE_CHANGED", disposition: "retry" },
    });
  });
});
