import { describe, expect, it } from "vitest";
import { createKeyRing } from "../doubles/key-ring.ts";
import { paymentKey, t0 } from "../doubles/key-world.ts";
import { mostWithin } from "../doubles/most-within.ts";
import { sweepsOver } from "../doubles/paced-sweep.ts";

const stopped = { key: paymentKey({ enabled: false, usageStoppedAt: t0 }) };

describe("a sweep of 2,000 keys", () => {
  it("with 20 pending makes 41 calls to the control plane", async () => {
    const ring = createKeyRing(2_000, (n) => n % 100 === 0);
    expect(await sweepsOver(ring).run()).toMatchObject({ pending: 20, done: 20, failed: 0, left: 0 });
    const count = (name: string) => ring.calls.filter((call) => call === name).length;
    expect([count("ListKeys"), count("GetKey"), count("RestoreKey"), ring.calls.length]).toEqual([1, 20, 20, 41]);
    expect([...ring.worlds.values()].every(({ state, key }) => state === "CREATE_COMPLETE" && key.enabled)).toBe(true);
  });

  it("makes one call more for each whose usage must be started by a person's request, and none where none is to be had", async () => {
    const ring = createKeyRing(200, (n) => n % 100 === 0, stopped);
    await sweepsOver(ring).run();
    expect(ring.calls).toEqual(["ListKeys", "GetKey", "RestoreKey", "GetKey", "RestoreKey"]);
  });

  it("with all pending leaves what it has no time for to the next, forgets none, and keeps to its share of the quota", async () => {
    const ring = createKeyRing(2_000, () => true);
    const { tick, time, at } = sweepsOver(ring);
    const began = time.now;
    for (let left = 1; left > 0; ) ({ left } = await tick());
    expect([...ring.worlds.values()].filter(({ state }) => state !== "CREATE_COMPLETE")).toEqual([]);
    const lists = ring.calls.filter((call) => call === "ListKeys").length;
    expect(ring.calls.length - lists).toBe(2 * 2_000);
    expect(mostWithin(1000, at)).toBeLessThanOrEqual(2);
    expect(at.length / ((Math.max(...at) - began) / 1000)).toBeLessThanOrEqual(1);
  });
});
