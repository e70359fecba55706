import { describe, expect, it } from "vitest";
import { withinBound } from "../../../cli/places/time-bound.ts";
import { handTimers } from "../../doubles/places.ts";

describe("a bound on time", () => {
  it("gives up what never answers, ends its calls, and leaves no timer", async () => {
    const { timer, running, ringAll } = handTimers();
    let signal: AbortSignal | undefined;
    const bound = withinBound(60_000, timer, async (bounds) => {
      signal = bounds.signal;
      return await new Promise<never>(() => {});
    });
    expect(running()).toEqual([60_000]);
    ringAll();
    await expect(bound).rejects.toMatchObject({ code: "Timeout", message: "no answer within 60 s" });
    expect([signal?.aborted, running()]).toEqual([true, []]);
  });

  it("begins again with each sign of life, and not after the end", async () => {
    const { timer, running, ringAll } = handTimers();
    const work = Promise.withResolvers<string>();
    const reported: (() => void)[] = [];
    const bound = withinBound(5_000, timer, async ({ alive }) => {
      reported.push(alive);
      return await work.promise;
    });
    const [first] = running();
    reported[0]?.();
    expect([first, running()]).toEqual([5_000, [5_000]]);
    ringAll();
    reported[0]?.();
    expect(running()).toEqual([]);
    await expect(bound).rejects.toMatchObject({ code: "Timeout" });
    work.resolve("late");
  });

  it("ends calls that go on after another one failed, and lets them start no timer", async () => {
    const { timer, running } = handTimers();
    const begun: { signal: AbortSignal; alive: () => void }[] = [];
    const bound = withinBound(1_000, timer, async (bounds) => {
      begun.push(bounds);
      return await Promise.reject(new Error("denied"));
    });
    await expect(bound).rejects.toThrow("denied");
    begun[0]?.alive();
    expect([begun[0]?.signal.aborted, running()]).toEqual([true, []]);
  });

  it("passes on what comes, also an error, and stops its timer", async () => {
    const { timer, running } = handTimers();
    expect(await withinBound(1_000, timer, async () => "fine")).toBe("fine");
    await expect(withinBound(1_000, timer, async () => await Promise.reject(new Error("denied")))).rejects.toThrow(
      "denied",
    );
    expect(running()).toEqual([]);
  });
});
