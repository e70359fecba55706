import { describe, expect, it } from "vitest";
import { type Burst, leaveBurst, noBurst, placeInBurst } from "../../lib/notices/burst.ts";
import { burstSummary, summaryMail } from "../../lib/notices/burst-summary.ts";
import { t0 } from "../doubles/key-world.ts";

const standing = (state: string, title = "alias/prod/cvk-1") => ({ state, title });
const joined = (times: readonly number[], from: Burst = noBurst) =>
  times.reduce((burst, at, n) => placeInBurst(burst, `case-${n}-${at}`, standing("deleted"), at), from);
const grouped = ({ members }: Burst) => Object.values(members).filter((member) => member.grouped).length;
const seconds = (count: number, step = 1) => Array.from({ length: count }, (_, n) => t0 + n * step * 1000);

describe("a burst", () => {
  it("begins with the eleventh case within five minutes", () => {
    expect(grouped(joined(seconds(10)))).toBe(0);
    expect(grouped(joined(seconds(11)))).toBe(1);
    expect(grouped(joined(seconds(25)))).toBe(15);
  });

  it("does not begin when they come one every 31 s", () => {
    expect(grouped(joined(seconds(100, 31)))).toBe(0);
  });

  it("ends when it was quiet for more than five minutes", () => {
    const burst = joined(seconds(12));
    expect(grouped(joined([t0 + 11_000 + 300_000], burst))).toBe(3);
    const next = joined([t0 + 11_000 + 300_001], burst);
    expect([grouped(next), next.active, next.number - burst.number]).toEqual([0, false, 1]);
  });

  it("goes on when a clock is a little behind, and ends when it was set back", () => {
    const burst = joined(seconds(12));
    expect(grouped(joined([t0 + 10_000], burst))).toBe(3);
    expect(joined([t0 + 10_000], burst).lastAt).toBe(t0 + 11_000);
    expect(grouped(joined([t0 - 300_000], burst))).toBe(0);
  });

  it("keeps the place of a case that comes again", () => {
    const burst = joined(seconds(12));
    const [first = ""] = Object.keys(burst.members);
    expect(placeInBurst(burst, first, standing("restored"), t0 + 12_000).members[first]).toMatchObject({
      grouped: false,
    });
  });

  it("takes a change of state without coming to life again", () => {
    const burst = joined(seconds(12));
    const last = Object.keys(burst.members).at(-1) ?? "";
    const later = placeInBurst(burst, last, standing("restored"), t0 + 86_400_000);
    expect([later.lastAt, later.members[last]?.state, later.number]).toEqual([t0 + 11_000, "restored", burst.number]);
    expect(placeInBurst(later, last, standing("restored"), t0 + 86_400_000)).toBe(later);
  });

  it("takes a new name of a key", () => {
    const burst = joined(seconds(12));
    const last = Object.keys(burst.members).at(-1) ?? "";
    const later = placeInBurst(burst, last, standing("deleted", "alias/prod/cvk-1 (now alias/test/junk)"), t0 + 12_000);
    expect(burstSummary(later).keys).toEqual(["alias/prod/cvk-1", "alias/prod/cvk-1 (now alias/test/junk)"]);
  });

  it("lets a case go that has a message of its own, and only once", () => {
    const burst = joined(seconds(12));
    const last = Object.keys(burst.members).at(-1) ?? "";
    const left = leaveBurst(burst, last);
    expect(grouped(left)).toBe(1);
    expect(leaveBurst(left, last)).toBe(left);
    expect(leaveBurst(left, "nobody")).toBe(left);
  });

  it("names its keys in the summary and the mail, the first fifteen of them", () => {
    const burst = joined(seconds(30));
    const summary = burstSummary(burst);
    expect([summary.count, summary.keys.length, summary.keys[0]]).toEqual([20, 15, "alias/prod/cvk-1"]);
    const { text } = summaryMail(summary);
    expect(text).toContain("20 deleted\n\nalias/prod/cvk-1\n");
    expect(text).toContain("and 5 more: reprieve cases list");
  });

  it("of more than 500 is two", () => {
    const burst = joined(seconds(501));
    expect([Object.keys(burst.members).length, grouped(burst), burst.active]).toEqual([1, 1, true]);
  });
});
