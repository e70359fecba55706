import { describe, expect, it } from "vitest";
import { createPace } from "../../lib/aws/payment-cryptography/pace.ts";

/** A clock that moves only when someone sleeps. */
function timeline(callsPerSecond: number) {
  const time = { now: 1_000_000 };
  const pace = createPace(
    callsPerSecond,
    () => time.now,
    async (ms) => {
      time.now += ms;
    },
  );
  const call = async () => {
    await pace();
    return time.now - 1_000_000;
  };
  return { time, call };
}

describe("pace", () => {
  it("lets two calls go at once, and then two in each window", async () => {
    const { call } = timeline(2);
    const times = [];
    for (let n = 0; n < 6; n++) times.push(await call());
    expect(times).toEqual([0, 0, 1000, 1000, 2000, 2000]);
  });

  it("never lets more than two calls into any window, however they come", async () => {
    const { call, time } = timeline(1.5);
    const times: number[] = [];
    for (const gap of [0, 100, 900, 0, 0, 5000, 0, 0, 700, 700, 0]) {
      time.now += gap;
      times.push(await call());
    }
    for (const [n, at] of times.entries())
      if (n >= 2) expect(at - (times[n - 2] ?? 0)).toBeGreaterThanOrEqual(2000 / 1.5 - 1e-6);
  });

  it("queues calls made at the same moment", async () => {
    const waits: number[] = [];
    const pace = createPace(
      1,
      () => 0,
      async (ms) => {
        waits.push(ms);
      },
    );
    await Promise.all([pace(), pace(), pace(), pace()]);
    expect(waits).toEqual([2000, 2000]);
  });

  it("does not wait for a clock that was set back", async () => {
    const { call, time } = timeline(2);
    await call();
    await call();
    time.now -= 3_600_000;
    expect(await call()).toBe(-3_600_000);
  });
});
