import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  covers,
  type HistoryMark,
  isReadDue,
  markAfter,
  markFrom,
  nextStretch,
  readingTime,
  watchedFrom,
} from "../../../lib/domain/case/history-mark.ts";
import type { EntryBody } from "../../../lib/domain/ledger/entry.ts";
import { caseWith, detection, toAllow, toAsk, toRestore } from "../../doubles/case-builder.ts";
import { deletionRequest, t0 } from "../../doubles/key-world.ts";

const minute = 60_000;
const hour = 60 * minute;
const mark: HistoryMark = { from: t0, settled: t0 + hour, seen: t0 + 2 * hour, speed: 1000 };
const allowed: EntryBody = { kind: "deletion-allowed", by: "rule" };

describe("where the history is read on", () => {
  const now = t0 + 3 * hour;
  it.each<[string, HistoryMark | undefined, number, Partial<HistoryMark>]>([
    ["at the call that needs it, without a mark", undefined, t0 + 5, { from: t0 + 5, settled: t0 + 5, seen: t0 + 5 }],
    ["where the last sweep ended", mark, t0 + 9, mark],
    [
      "at an earlier call, where the mark begins after it",
      mark,
      t0 - 1,
      { from: t0 - 1, settled: t0 - 1, speed: 1000 },
    ],
    [
      "at a later call, as nothing before it matters",
      mark,
      t0 + hour + 1,
      { from: t0 + hour + 1, seen: t0 + hour + 1 },
    ],
    ["again, where the mark is in the future", { ...mark, seen: now + 1 }, t0 + 9, { from: t0 + 9, seen: t0 + 9 }],
  ])("%s", (_, before, needed, expected) => {
    expect(markFrom(before, needed, now)).toMatchObject(expected);
  });

  it.each([
    [30 * minute - 1, false],
    [30 * minute, true],
  ])("%i ms after it was last seen: %s", (later, expected) => {
    expect(isReadDue(mark, mark.seen + later)).toBe(expected);
  });
});

describe("a mark covers a deletion", () => {
  it.each([
    ["since its first moment", t0, t0 + 2 * hour, true],
    ["not from before", t0 - 1, t0 + 2 * hour, false],
    ["while it is no older than two hours", t0, t0 + 4 * hour, true],
    ["not when it is older", t0, t0 + 4 * hour + 1, false],
    ["not of the second in which it ends", t0 + 2 * hour - 999, t0 + 2 * hour, false],
    ["not from the future", t0, t0 + 2 * hour - 1, false],
  ])("%s", (_, since, now, expected) => {
    expect(covers(mark, since, now)).toBe(expected);
  });

  it("only if there is one", () => {
    expect(covers(undefined, t0, t0)).toBe(false);
  });
});

describe("the case of a key is watched", () => {
  const { request: _request, ...withoutRecord } = detection({ source: "sweep" });
  const made = (ms: number) => detection({ request: deletionRequest({ at: t0 - ms }) });
  const learned = (ms: number): EntryBody => ({ kind: "requester-learned", request: deletionRequest({ at: t0 - ms }) });
  const second = deletionRequest({ eventId: "11111111-1111-4111-8111-111111111111", at: t0 + 1000 });
  it.each([
    ["from the call on that was decided on", [detection(), toAllow, allowed], t0],
    ["before it is decided on", [detection()], t0],
    ["while people are asked", [detection(), toAsk], t0],
    ["not without a record", [withoutRecord], undefined],
    ["not once its restore begins", [detection(), toRestore, { kind: "restore-intended", late: false }], undefined],
    ["not once it is over", [detection(), toAllow, allowed, { kind: "restored-by-others" }], undefined],
    ["at most 50 minutes back", [made(50 * minute), toAllow, allowed], t0 - 50 * minute],
    ["not if the record came later than that", [made(50 * minute + 1000), toAllow, allowed], undefined],
    ["from the latest call on", [detection(), detection({ request: second })], t0 + 1000],
    [
      "not from a later call on if the first record came late",
      [made(51 * minute), detection({ request: second })],
      undefined,
    ],
    ["also if the record was looked up", [withoutRecord, learned(0)], t0],
    ["not if it was looked up later than that", [withoutRecord, learned(51 * minute)], undefined],
  ] as const)("%s", (_, [first, ...others], expected) => {
    expect(watchedFrom(caseWith(first, ...others))).toBe(expected);
  });
});

describe("reading forward", () => {
  const reading = fc.record({
    complete: fc.boolean(),
    tookMs: fc.integer({ min: 0, max: 60_000 }),
    timeLeft: fc.integer({ min: 1, max: 60_000 }),
    laterMs: fc.integer({ min: 0, max: 2 * hour }),
    reach: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  it("leaves no gap, and moves only over what was read to its end", () => {
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 40 }), (readings) => {
        let now = t0 + hour;
        let at = markFrom(undefined, t0, now);
        let readTo = t0;
        for (const { complete, tookMs, timeLeft, laterMs, reach } of readings) {
          now += laterMs;
          const stretch = nextStretch(at, timeLeft, now);
          const end = stretch.to ?? now;
          expect(stretch.from).toBeLessThanOrEqual(readTo);
          expect(end).toBeLessThanOrEqual(now);
          const reachedAt = end - (end - stretch.from) * reach;
          const next = markAfter(at, { ...stretch, complete, tookMs, reachedAt }, now);
          if (complete) readTo = Math.max(readTo, end);
          expect(next).toMatchObject({ from: t0, seen: readTo });
          expect(next.settled).toBeGreaterThanOrEqual(at.settled);
          expect(next.settled).toBeLessThanOrEqual(Math.max(t0, Math.min(next.seen, now - hour)));
          expect(next.speed).toBeGreaterThan(0);
          at = next;
        }
      }),
    );
  });

  it("knows how long it takes to come to the present", () => {
    expect(readingTime({ ...mark, speed: 100 }, t0 + 3 * hour)).toBe(90_000);
  });

  it("comes to stretches of a second, whatever the history holds", () => {
    let at = markFrom(undefined, t0, t0 + 24 * hour);
    for (let n = 0; n < 80; n++) {
      const stretch = nextStretch(at, 40_000, t0 + 24 * hour);
      at = markAfter(at, { ...stretch, complete: false, tookMs: 40_000, reachedAt: stretch.from }, t0 + 24 * hour);
    }
    expect(nextStretch(at, 40_000, t0 + 24 * hour)).toEqual({ from: t0, to: t0 + 1000 });
  });
});
