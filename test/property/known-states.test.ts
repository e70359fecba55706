import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type KnownState, stateBefore, withSighting } from "../../lib/domain/change/known-state.ts";

const runs = process.env["REPRIEVE_DEEP"] ? 20_000 : 1_000;
const states = fc.constantFrom("a", "b", "c", null, { n: "1" }, { n: "2" });
const notes = fc.array(fc.record({ state: states, at: fc.integer({ min: 0, max: 40 }) }), { maxLength: 12 });

const noted = (all: readonly { state: Parameters<typeof withSighting>[1]; at: number }[]) =>
  all.reduce<KnownState | undefined>((known, { state, at }) => withSighting(known, state, at), undefined);

describe("the state before a change", () => {
  it("was seen before it, whatever was noted in which order", () => {
    fc.assert(
      fc.property(notes, fc.integer({ min: 0, max: 41 }), (all, at) => {
        const before = stateBefore(noted(all), at);
        if (before === undefined) return;
        const seen = all.filter((note) => JSON.stringify(note.state) === JSON.stringify(before));
        expect(Math.min(...seen.map((note) => note.at))).toBeLessThan(at);
      }),
      { numRuns: runs },
    );
  });

  it("is the latest one before it, of notes in their order, as long as no more than one other state follows", () => {
    fc.assert(
      fc.property(notes, fc.integer({ min: 0, max: 41 }), (unsorted, at) => {
        const all = unsorted.toSorted((a, b) => a.at - b.at);
        const latest = all.findLast((note) => note.at < at);
        const text = (note: { state: unknown } | undefined) => JSON.stringify(note?.state);
        const after = all.slice(all.findLastIndex((note) => note.at < at) + 1);
        const rows = [latest, ...after].filter((note, n, row) => n === 0 || text(note) !== text(row[n - 1]));
        const before = stateBefore(noted(all), at);
        if (latest === undefined) expect(before).toBeUndefined();
        else if (rows.length <= 2) expect(JSON.stringify(before)).toBe(text(latest));
        // What is not kept any more is unknown, and never guessed.
        else expect([undefined, text(latest)]).toContain(before === undefined ? undefined : JSON.stringify(before));
      }),
      { numRuns: runs },
    );
  });

  it("was shown before it by a look that had ended, and no look that began before it hides it", () => {
    const looks = fc.array(
      fc.record({ state: states, at: fc.integer({ min: 0, max: 40 }), tookMs: fc.integer({ min: 0, max: 9 }) }),
      { maxLength: 12 },
    );
    const change = fc.record({ state: states, at: fc.integer({ min: 0, max: 41 }) });
    fc.assert(
      fc.property(looks, change, (all, { state, at }) => {
        const known = all.reduce<KnownState | undefined>(
          (each, look) => withSighting(each, look.state, look.at, look.at + look.tookMs),
          undefined,
        );
        const before = stateBefore(known, at);
        const text = JSON.stringify(before);
        const shown = all.filter((look) => JSON.stringify(look.state) === text && look.at + look.tookMs < at);
        if (before !== undefined) expect(shown).not.toEqual([]);
        if (all.every((look) => look.at <= at))
          expect(JSON.stringify(withSighting(known, state, at).last.state)).toBe(JSON.stringify(state));
      }),
      { numRuns: runs },
    );
  });

  it("never leaves a newer sighting for an older one", () => {
    fc.assert(
      fc.property(notes, (all) => {
        const newest = Math.max(...all.map(({ at }) => at));
        expect(noted(all)?.last.at ?? Number.NEGATIVE_INFINITY).toBe(newest);
      }),
      { numRuns: runs },
    );
  });
});
