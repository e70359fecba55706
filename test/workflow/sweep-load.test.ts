import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { policyWith } from "../doubles/guard.ts";
import { createKeyRing } from "../doubles/key-ring.ts";
import { day, deletionRequest, paymentKey, t0 } from "../doubles/key-world.ts";
import { type PacedOptions, sweepsOver } from "../doubles/paced-sweep.ts";

const minute = 60_000;
const hour = 60 * minute;
const pinUsage = "TR31_P0_PIN_ENCRYPTION_KEY";
const cardUsage = "TR31_C0_CARD_VERIFICATION_KEY";
const asking = (usage: string, within: string) => ({
  id: usage.slice(5, 7).toLowerCase(),
  when: { key: { usage } },
  then: "ask",
  approval: { from: "custodians", quorum: 2, within, meanwhile: "pending" },
});
const policy = policyWith([asking(pinUsage, "144h"), asking(cardUsage, "24h")]);

/** `pins` PIN keys and `cards` card keys, all deleted at `t0` and left pending while people are asked: 144 h about the former, 24 h about the latter. */
async function askedAbout(pins: number, cards: number, options: PacedOptions = {}) {
  const ring = createKeyRing(pins + cards, () => true, { deletePendingAt: t0 + 7 * day });
  const worlds = [...ring.worlds.values()];
  for (const [n, world] of worlds.entries())
    world.key = paymentKey({ arn: world.key.arn, usage: n < pins ? pinUsage : cardUsage });
  const sweeps = sweepsOver(ring, { ...options, guard: { policy, ...options.guard } });
  for (const [n, { key }] of worlds.entries()) {
    const request = deletionRequest({
      eventId: `${String(n).padStart(8, "0")}-0000-4000-8000-000000000000`,
      target: { kind: "arn", arn: key.arn },
      requestedDays: 7,
    });
    sweeps.calls.set(key.arn, [request]);
    await guardDeletion({ ...sweeps.guard, keys: ring }, { source: "event", deliveries: 1, request });
  }
  const restored = () => worlds.filter(({ state }) => state === "CREATE_COMPLETE").map(({ key }) => key.usage);
  return { ...sweeps, ring, worlds, restored };
}

describe("keys that wait for people", () => {
  it.each([150, 260])(
    "%i of them, however sensitive, keep no deadline, no checkpoint and no inventory waiting",
    async (pins) => {
      const { tick, time, restored, inventory, closings } = await askedAbout(pins, 1);
      let sweeps = 0;
      for (; time.now < t0 + day; sweeps++) await tick();
      expect(restored()).toEqual([]);
      await tick();
      expect(restored()).toEqual([cardUsage]);
      expect(closings).toHaveLength(sweeps + 1);
      expect(Math.min(...closings.map(({ timeLeft }) => timeLeft))).toBeGreaterThanOrEqual(30_000);
      expect(inventory.taken).toHaveLength(1);
      expect(await inventory.takenAt()).toBeLessThan(t0 + day);
    },
  );

  it("are looked at once an hour each, and all of them at their own deadline", async () => {
    const { tick, time, ring, restored } = await askedAbout(100, 0);
    await tick();
    const before = ring.calls.length;
    const until = time.now + 10 * hour;
    while (time.now < until) await tick();
    const looks = ring.calls.slice(before).filter((call) => call === "GetKey").length;
    expect(looks).toBeGreaterThanOrEqual(900);
    expect(looks).toBeLessThanOrEqual(1_000);
    time.now = t0 + 6 * day;
    await tick();
    await tick();
    expect(restored()).toHaveLength(100);
  });
});

describe("due work", () => {
  /** Looks that fit into one sweep, at a call a second and two calls for a restore. */
  const restoresPerSweep = 60;

  it("waits for no more than two sweeps, whatever else waits, while the quota permits", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 1, max: restoresPerSweep }),
        fc.integer({ min: 0, max: 59 }),
        async (pins, cards, minutes) => {
          const { tick, time, restored } = await askedAbout(pins, cards);
          // Verifications of all that wait fall due at some time before the deadline, and so at the same time as it, or not.
          time.now = t0 + day - minutes * minute;
          while (time.now < t0 + day) await tick();
          await tick();
          await tick();
          expect(restored()).toEqual(Array.from({ length: cards }, () => cardUsage));
        },
      ),
      { numRuns: 12, seed: 7 },
    );
  });

  it("is not kept waiting by looks that fail in every sweep, however many and sensitive", async () => {
    const { tick, time, restored, ring, control } = await askedAbout(300, 1);
    const sensitive = new Set(
      [...ring.worlds.values()].flatMap(({ key }) => (key.usage === pinUsage ? [key.arn as string] : [])),
    );
    const { observe, restore } = control.keys;
    let denials = 0;
    const unreachable = () => {
      denials += 1;
      throw new GuardError("CONTROL_PLANE_UNAVAILABLE", "retry", "this key cannot be reached");
    };
    control.keys = {
      ...control.keys,
      observe: async (identifier) => {
        const seen = await observe(identifier);
        return sensitive.has(identifier) ? unreachable() : seen;
      },
      restore: async (arn) => (sensitive.has(arn) ? unreachable() : await restore(arn)),
    };
    // All deadlines are over, for all keys at about the same time.
    time.now = t0 + 6 * day + hour;
    let sweeps = 0;
    for (; sweeps < 24 && restored().length === 0; sweeps++) await tick();
    expect(restored()).toEqual([cardUsage]);
    expect(denials / sweeps).toBeGreaterThan(150);
  });
});

describe("a sweep with more due than it has time for", () => {
  it("says so in the log, and leaves the time of checkpoints and the inventory alone", async () => {
    const ring = createKeyRing(500, () => true);
    const { tick, logged, closings, inventory, time } = sweepsOver(ring);
    time.now = t0 + 23 * hour;
    expect((await tick()).left).toBeGreaterThan(300);
    expect(logged).toContainEqual({ code: "SWEEP_WORK_LEFT", fields: { tasks: expect.any(Number), chores: [] } });
    expect([closings.length, inventory.taken.length]).toEqual([1, 1]);
    for (let left = 1; left > 0; ) ({ left } = await tick());
    expect(logged.at(-1)).toMatchObject({ code: "SWEEP_FINISHED", fields: { left: 0 } });
  });

  it("says nothing of verifications that can wait", async () => {
    const { tick, time, logged } = await askedAbout(260, 0);
    time.now = t0 + 15 * minute;
    for (const _ of [1, 2, 3]) await tick();
    logged.splice(0);
    // All requesters are confirmed now.
    time.now = t0 + 1.5 * hour;
    // Long before the first reminder: all that falls due is the hourly look.
    const reports = [await tick(), await tick(), await tick()];
    expect(reports.map(({ left }) => left > 0)).toEqual([true, false, false]);
    expect(logged.map(({ code }) => code)).not.toContain("SWEEP_WORK_LEFT");
  });

  it("has it for keys when there is little, and reports an inventory that is left", async () => {
    const ring = createKeyRing(3, () => true);
    const { run, logged, time, inventory } = sweepsOver(ring, { timeMs: 50_000 });
    time.now = t0 + 23 * hour;
    expect(await run()).toMatchObject({ done: 3, left: 0 });
    expect(logged).toContainEqual({ code: "SWEEP_WORK_LEFT", fields: { tasks: 0, chores: ["inventory"] } });
    expect(inventory.taken).toEqual([]);
  });
});
