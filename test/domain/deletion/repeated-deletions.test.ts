import { describe, expect, it } from "vitest";
import { repeatedDeletions } from "../../../lib/domain/deletion/repeated-deletions.ts";
import { keyArn } from "../../doubles/key-world.ts";

/** 19:00:00Z of that day. */
const sevenPm = 1_716_836_400_000;
const minute = 60_000;
const at = (minutes: number, n = minutes) => ({
  eventId: `event-${n}`,
  at: sevenPm + minutes * minute,
  keyArn: keyArn(`key${String(n + 100).padStart(13, "0")}`),
});
const alarm = (all: ReturnType<typeof at>[], minutes: number, alarms: number[] = []) =>
  repeatedDeletions("alice", all, alarms, sevenPm + minutes * minute);

describe("repeatedDeletions", () => {
  it.each([
    ["none", [], 0],
    ["two", [at(0), at(1)], 1],
    ["three that take an hour", [at(0), at(30), at(60)], 60],
    ["the same call three times", [at(0, 7), at(1, 7), at(2, 7)], 2],
    ["three, and the one in hand is another day's", [at(0), at(1), at(2), at(1440)], 1440],
  ])("keeps still for %s", (_, all, minutes) => {
    expect(alarm(all, minutes)).toBeUndefined();
  });

  it("names who, how often, which keys and from when to when", () => {
    expect(alarm([at(59), at(0), at(20)], 59)).toEqual({
      principal: "alice",
      deletions: 3,
      keys: [at(0).keyArn, at(20).keyArn, at(59).keyArn],
      from: 1_716_836_400_000,
      to: 1_716_839_940_000,
    });
  });

  it("counts deletions of one key as well as of many", () => {
    const again = [0, 1, 2].map((n) => ({ ...at(n), keyArn: keyArn() }));
    expect(alarm(again, 2)).toMatchObject({ deletions: 3, keys: [keyArn()] });
  });

  it("finds an hour that begins at any minute, also when its first record comes last", () => {
    expect(alarm([at(55), at(58), at(65)], 55)).toMatchObject({ deletions: 3 });
    expect(alarm([at(55), at(58), at(65)], 65)).toMatchObject({ deletions: 3 });
  });

  it("keeps still for an hour after an alarm, and before one that came first", () => {
    const all = [0, 1, 2, 30, 59].map((n) => at(n));
    expect(alarm(all, 59, [sevenPm])).toBeUndefined();
    expect(alarm(all, 0, [sevenPm + 59 * minute])).toBeUndefined();
    expect(alarm([...all, at(60)], 60, [sevenPm])).toMatchObject({ deletions: 5 });
  });
});
