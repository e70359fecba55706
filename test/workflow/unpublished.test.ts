import { describe, expect, it } from "vitest";
import { metricFor } from "../../functions/shared/log-table.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { Guard } from "../../lib/workflows/guard/run.ts";
import type { LogCode } from "../../lib/workflows/ports/log-code.ts";
import { asking } from "../doubles/guard.ts";
import { createKeyWorld, deletionRequest, t0 } from "../doubles/key-world.ts";
import { createTestSweep } from "../doubles/sweeper.ts";
import { cast } from "../doubles/vote-deps.ts";

const hour = 3_600_000;
const fails = (code: "BUS_UNAVAILABLE" | "STORE_UNAVAILABLE") => async () =>
  await Promise.reject(new GuardError(code, "retry", "down"));

describe("a sweep that cannot publish what it stored", () => {
  it.each<[string, (guard: Guard) => Partial<Guard>]>([
    ["the bus", ({ bus }) => ({ bus: { ...bus, publish: fails("BUS_UNAVAILABLE") } })],
    ["the cursor", ({ cases }) => ({ cases: { ...cases, markPublished: fails("STORE_UNAVAILABLE") } })],
  ])("because of %s leaves the open question alone, counts the failure, and publishes next time", async (_, broken) => {
    const keys = createKeyWorld();
    const policy = asking({ meanwhile: "pending", within: "48h" });
    const test = createTestSweep(keys, t0 + 60_000, { policy });
    const request = deletionRequest();
    test.inHistory.calls = [request];
    await guardDeletion(test.guard, { source: "event", request, deliveries: 1 });
    test.time.now = t0 + 25 * hour;
    await test.run();
    await cast(test.guard, "bob", "approve");
    test.logged.length = 0;

    expect(await test.run(broken(test.guard))).toMatchObject({ failed: 0, protectedKeys: 0 });
    expect(keys.calls).not.toContain("RestoreKey");
    expect(test.bus.unrecorded).toEqual([]);
    const counted = test.logged.map(({ code, fields }) => metricFor(code as LogCode, fields));
    expect(counted).toEqual(expect.arrayContaining(["AnnouncementsFailed", "SweepStepsFailed"]));

    expect((await cast(test.guard, "carol", "approve")).verdict).toMatchObject({ state: "granted" });
    await test.run();
    expect(test.kinds()[0]).toContain("deletion-allowed");
    expect(new Set(test.bus.published.map(({ kind }) => kind))).toEqual(new Set(test.kinds()[0]));
  });
});
