import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runPlaces } from "../../../cli/places/run-places.ts";

describe("places", () => {
  it("are delivered in their order, each once, never more at a time than asked for, and with bounded memory", async () => {
    const plan = fc.record({ count: fc.integer({ min: 0, max: 60 }), parallel: fc.integer({ min: 1, max: 16 }) });
    await fc.assert(
      fc.asyncProperty(plan, fc.scheduler(), async ({ count, parallel }, scheduler) => {
        const places = Array.from({ length: count }, (_, n) => n);
        const delivered: number[] = [];
        let working = 0;
        let most = 0;
        let held = 0;
        let mostHeld = 0;
        const all = runPlaces(
          places,
          parallel,
          async (place) => {
            working += 1;
            most = Math.max(most, working);
            await scheduler.schedule(Promise.resolve(), `place ${place}`);
            working -= 1;
            held += 1;
            mostHeld = Math.max(mostHeld, held);
            return place * 2;
          },
          (place, result) => {
            held -= 1;
            delivered.push(place);
            expect(result).toBe(place * 2);
          },
        );
        await scheduler.waitFor(all);
        expect(delivered).toEqual(places);
        expect(most).toBeLessThanOrEqual(parallel);
        expect(mostHeld).toBeLessThanOrEqual(4 * parallel);
      }),
      { numRuns: 100 },
    );
  });

  it("behind a slow one wait, and are not all begun: 2,000 results never lie in memory", async () => {
    const slow = Promise.withResolvers<void>();
    let begun = 0;
    const delivered: number[] = [];
    const all = runPlaces(
      Array.from({ length: 2_000 }, (_, n) => n),
      4,
      async (place) => {
        begun += 1;
        if (place === 0) await slow.promise;
      },
      (place) => void delivered.push(place),
    );
    for (let turn = 0; turn < 5_000; turn++) await Promise.resolve();
    expect([begun, delivered]).toEqual([16, []]);
    slow.resolve();
    await all;
    expect([begun, delivered.length]).toEqual([2_000, 2_000]);
  });
});
