import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  callsIn,
  isKnownCall,
  type KnownCall,
  maxKnownCalls,
  withCalls,
} from "../../../lib/domain/case/known-calls.ts";
import { append } from "../../../lib/domain/ledger/chain.ts";
import { detection } from "../../doubles/case-builder.ts";
import { chainBefore } from "../../doubles/chain-names.ts";
import { deletionRequest, t0 } from "../../doubles/key-world.ts";

const nothing = { latest: [] };
const call = fc.record({ eventId: fc.nat(400).map((n) => `e${n}`), at: fc.integer({ min: t0, max: t0 + 500 }) });
const generations = fc.array(fc.array(call, { maxLength: 12 }), { maxLength: 60 });
const all = (cases: readonly (readonly KnownCall[])[]) => cases.reduce(withCalls, nothing);

describe("the calls that earlier cases know", () => {
  it("are never forgotten, and take bounded room, however many cases there were", () => {
    fc.assert(
      fc.property(generations, (cases) => {
        const known = all(cases);
        expect(known.latest.length).toBeLessThanOrEqual(maxKnownCalls);
        for (const each of cases.flat()) expect(isKnownCall(known, each)).toBe(true);
      }),
    );
  });

  it("do not include a call that is later than all of them", () => {
    fc.assert(
      fc.property(generations, (cases) => {
        expect(isKnownCall(all(cases), { eventId: "news", at: t0 + 501 })).toBe(false);
      }),
    );
  });

  it.each([
    [64, t0, false],
    [65, t0, true],
    [65, t0 + 1, false],
  ])("count by time alone once there are too many: of %i, another one of %i", (count, at, expected) => {
    const calls = Array.from({ length: count }, (_, n) => ({ eventId: `e${n}`, at: t0 + n }));
    expect(isKnownCall(withCalls(nothing, calls), { eventId: "another", at })).toBe(expected);
  });

  it("keep the latest time of a call that came with two", () => {
    const later = Array.from({ length: 64 }, (_, n) => ({ eventId: `e${n}`, at: t0 + 10 }));
    const twice = [t0 + 5, t0].map((at) => ({ eventId: "twice", at }));
    expect(isKnownCall(withCalls(withCalls(nothing, twice), later), { eventId: "twice", at: t0 + 5 })).toBe(true);
  });

  it("count a record no later than it came: its own time may be forged", () => {
    const body = detection({ request: deletionRequest({ eventId: "forged", at: t0 + 1_000_000 }) });
    expect(callsIn(append(chainBefore(body), body, t0 + 7))).toEqual([{ eventId: "forged", at: t0 + 7 }]);
  });
});
