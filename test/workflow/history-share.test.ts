import { describe, expect, it } from "vitest";
import type { DeletionRequest } from "../../lib/domain/deletion/request.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { EventHistory } from "../../lib/workflows/ports/sweep.ts";
import { createFloodedHistory } from "../doubles/flooded-history.ts";
import { allowReaper, policyWith } from "../doubles/guard.ts";
import { createKeyRing, type KeyRing } from "../doubles/key-ring.ts";
import { day, deletionRequest, reaper, t0 } from "../doubles/key-world.ts";
import { sweepsOver } from "../doubles/paced-sweep.ts";

const minute = 60_000;
const hour = 60 * minute;
const policy = policyWith([allowReaper]);
const worldOf = (ring: KeyRing, n: number) => {
  const world = [...ring.worlds.values()][n];
  if (world === undefined) throw new Error(`there is no key ${n}`);
  return world;
};
const requestFor = (ring: KeyRing, n: number): DeletionRequest =>
  deletionRequest({
    eventId: `0000000${n}-0000-4000-8000-000000000000`,
    requester: reaper,
    target: { kind: "arn", arn: worldOf(ring, n).key.arn },
  });

/** A history every page of which takes 9 s, and that never ends. */
const endless = (time: { now: number }): EventHistory & { spentMs: number } => {
  const history = {
    spentMs: 0,
    read: async (_stretch: object, timeLeft: () => number) => {
      do {
        time.now += 9_000;
        history.spentMs += 9_000;
      } while (timeLeft() > 0);
      return { calls: new Map(), complete: false };
    },
    record: async () => {
      time.now += 9_000;
      history.spentMs += 9_000;
      return "none" as const;
    },
  };
  return history;
};

describe("a sweep whose event history is slow", () => {
  it("spends a quarter of its time on it, and a page, and looks at every key", async () => {
    const ring = createKeyRing(31, () => true);
    let history: ReturnType<typeof endless> | undefined;
    const sweeps = sweepsOver(ring, {
      guard: { policy },
      history: (time) => {
        history ??= endless(time);
        return history;
      },
    });
    await guardDeletion(
      { ...sweeps.guard, keys: ring },
      { source: "event", deliveries: 1, request: requestFor(ring, 0) },
    );
    sweeps.time.now = t0 + 2 * hour;
    ring.calls.length = 0;
    const report = await sweeps.run();
    expect(report).toMatchObject({ failed: 0, left: 0 });
    expect(history?.spentMs).toBeGreaterThan(0);
    expect(history?.spentMs).toBeLessThanOrEqual(60_000 + 2 * 9_000);
    expect(ring.calls.filter((call) => call === "GetKey")).toHaveLength(31);
    expect(worldOf(ring, 0).state).toBe("CREATE_COMPLETE");
  });
});

describe("a flood of five failed DeleteKey calls a second that never ends", () => {
  const flooded = (genuine: boolean) => {
    const ring = createKeyRing(1, () => true);
    let history: ReturnType<typeof createFloodedHistory> | undefined;
    const sweeps = sweepsOver(ring, {
      guard: { policy },
      history: (time, calls) => {
        history ??= createFloodedHistory({ time, begins: t0 - 90 * day, perSecond: 5, calls });
        return history;
      },
    });
    const request = requestFor(ring, 0);
    if (genuine) sweeps.calls.set(worldOf(ring, 0).key.arn, [request]);
    const begin = async () =>
      await guardDeletion({ ...sweeps.guard, keys: ring }, { source: "event", deliveries: 1, request });
    const sweepUntil = async (until: number) => {
      while (sweeps.time.now < until && worldOf(ring, 0).state === "DELETE_PENDING") {
        if (sweeps.time.now >= worldOf(ring, 0).deletePendingAt) worldOf(ring, 0).state = "GONE";
        await sweeps.tick();
      }
    };
    return { ...sweeps, world: worldOf(ring, 0), begin, sweepUntil };
  };

  it("does not keep a genuine deletion from being confirmed, at first and at the last", async () => {
    const { begin, sweepUntil, kinds, logged } = flooded(true);
    await begin();
    await sweepUntil(t0 + 4 * day);
    expect(kinds()[0]).toEqual([
      ...["deletion-detected", "decided", "deletion-allowed"],
      ...["requester-confirmed", "requester-confirmed", "key-destroyed"],
    ]);
    expect(logged.filter(({ code }) => code === "CONFIRMATION_OVERDUE").length).toBeLessThan(5);
  });

  it("does not hide that a record is forged: the key is restored an hour after the deletion was allowed", async () => {
    const { begin, sweepUntil, kinds, world } = flooded(false);
    await begin();
    await sweepUntil(t0 + hour + 6 * minute);
    expect(world.state).toBe("CREATE_COMPLETE");
    expect(kinds()[0]).toContain("requester-unconfirmed");
  });
});
