import { describe, expect, it } from "vitest";
import { createPace } from "../../lib/aws/pace.ts";
import { sweep } from "../../lib/workflows/sweep.ts";
import { mostWithin } from "../../local/demo/mass-deletion.ts";
import { createTestGuard } from "../doubles/guard.ts";
import { createKeyRing, type KeyRing } from "../doubles/key-ring.ts";
import { paymentKey, t0 } from "../doubles/key-world.ts";
import { createMemoryInventory } from "../doubles/sweeper.ts";

const minute = 60_000;
const stopped = { key: paymentKey({ enabled: false, usageStoppedAt: t0 }) };

/** Sweeps over `ring`, each of `timeMs` by its own clock; every call to the control plane takes its turn and some time. */
function sweepsOver(ring: KeyRing, { callsPerSecond = 1, timeMs = 240_000 } = {}) {
  const at: number[] = [];
  const made = createTestGuard(ring.worlds.values().next().value as never, t0);
  const { guard, time } = made;
  const pace = createPace(
    callsPerSecond,
    () => time.now,
    async (ms) => {
      time.now += ms;
    },
  );
  const paced = <Args extends unknown[], Answer>(call: (...args: Args) => Promise<Answer>) => {
    return async (...args: Args) => {
      await pace();
      at.push(time.now);
      time.now += 40;
      return await call(...args);
    };
  };
  const { observe, restore, startUsage, tags, aliases, pending, all } = ring;
  const keys = {
    observe: paced(observe),
    restore: paced(restore),
    startUsage: paced(startUsage),
    tags: paced(tags),
    aliases: paced(aliases),
  };
  const inventory = createMemoryInventory(t0);
  const run = async () => {
    const until = time.now + timeMs;
    return await sweep({
      guard: { ...guard, keys, inventory },
      keyLists: { pending: paced(pending), all: paced(all) },
      inventory,
      history: async () => ({ calls: new Map(), complete: true }),
      tellOfPause: async () => {},
      closeHours: async () => {},
      timeLeft: () => until - time.now,
      worked: () => {},
    });
  };
  return { ...made, run, at };
}

describe("a sweep of 2,000 keys", () => {
  it("with 20 pending makes 41 calls to the control plane", async () => {
    const ring = createKeyRing(2_000, (n) => n % 100 === 0);
    expect(await sweepsOver(ring).run()).toMatchObject({ pending: 20, done: 20, failed: 0, left: 0 });
    const count = (name: string) => ring.calls.filter((call) => call === name).length;
    expect([count("ListKeys"), count("GetKey"), count("RestoreKey"), ring.calls.length]).toEqual([1, 20, 20, 41]);
    expect([...ring.worlds.values()].every(({ state, key }) => state === "CREATE_COMPLETE" && key.enabled)).toBe(true);
  });

  it("makes one call more for each whose usage must be started by a person's word, and none where none is to be had", async () => {
    const ring = createKeyRing(200, (n) => n % 100 === 0, stopped);
    await sweepsOver(ring).run();
    expect(ring.calls).toEqual(["ListKeys", "GetKey", "RestoreKey", "GetKey", "RestoreKey"]);
  });

  it("with all pending leaves what it has no time for to the next, forgets none, and keeps to its share of the quota", async () => {
    const ring = createKeyRing(2_000, () => true);
    const { run, time, at } = sweepsOver(ring);
    const began = time.now;
    let sweeps = 0;
    for (let left = 1; left > 0; sweeps++) {
      ({ left } = await run());
      time.now = Math.max(time.now, began + (sweeps + 1) * 5 * minute);
    }
    expect([...ring.worlds.values()].filter(({ state }) => state !== "CREATE_COMPLETE")).toEqual([]);
    const lists = ring.calls.filter((call) => call === "ListKeys").length;
    expect(ring.calls.length - lists).toBe(2 * 2_000);
    expect(mostWithin(1000, at)).toBeLessThanOrEqual(2);
    expect(at.length / ((Math.max(...at) - began) / 1000)).toBeLessThanOrEqual(1);
  });
});
