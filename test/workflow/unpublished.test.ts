import { describe, expect, it } from "vitest";
import { metricFor } from "../../functions/shared/log-table.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { DeletionDetected } from "../../lib/domain/ledger/entry.ts";
import { CaseFile } from "../../lib/workflows/guard/case-file.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { publishCases } from "../../lib/workflows/guard/publish-case.ts";
import type { Guard } from "../../lib/workflows/guard/run.ts";
import type { LogCode } from "../../lib/workflows/ports/log-code.ts";
import { Crash } from "../doubles/crash.ts";
import { asking } from "../doubles/guard.ts";
import { createKeyWorld, deletionRequest, keyArn, paymentKey, t0 } from "../doubles/key-world.ts";
import { caseNo, detectionOf } from "../doubles/notify.ts";
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

describe("an entry that raises an alarm", () => {
  it("is counted by the next delivery where the guard died before it published the entry", async () => {
    const keys = createKeyWorld({ key: paymentKey({ enabled: false, usageStoppedAt: t0 - hour }) });
    const test = createTestSweep(keys, t0 + 1000);
    const request = deletionRequest();
    const dying = { ...test.bus, publish: async () => await Promise.reject(new Crash()) };
    const first = guardDeletion(
      { ...test.guard, bus: dying, log: () => {} },
      { source: "event", request, deliveries: 1 },
    );
    await expect(first).rejects.toThrow(Crash);
    expect(test.kinds()[0]?.at(-1)).toBe("key-left-disabled");
    await guardDeletion(test.guard, { source: "event", request, deliveries: 2 });
    expect(test.logged).toContainEqual({ code: "KEY_LEFT_DISABLED", fields: { keyArn: keyArn(), generation: 1 } });
    test.logged.length = 0;
    await guardDeletion(test.guard, { source: "event", request, deliveries: 3 });
    expect(test.logged.map(({ code }) => code)).not.toContain("KEY_LEFT_DISABLED");
  });

  it("is counted although the bus takes nothing", async () => {
    const keys = createKeyWorld({ key: paymentKey({ enabled: false, usageStoppedAt: t0 - hour }) });
    const test = createTestSweep(keys, t0 + 1000);
    await test.run({ bus: { ...test.bus, publish: fails("BUS_UNAVAILABLE") } });
    expect(test.logged.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["KEY_LEFT_DISABLED", "PUBLISH_FAILED"]),
    );
  });

  it("is counted although an earlier case of the key cannot be published", async () => {
    const keys = createKeyWorld({ key: paymentKey({ enabled: false, usageStoppedAt: t0 - hour }) });
    const test = createTestSweep(keys, t0 + 1000);
    const bus = { ...test.bus, publish: fails("BUS_UNAVAILABLE") };
    await test.run({ bus });
    expect(keys.state).toBe("CREATE_COMPLETE");
    Object.assign(keys, { state: "DELETE_PENDING", deletePendingAt: t0 + 80 * hour });
    test.time.now += hour;
    await test.run({ bus });
    expect(test.kinds()).toHaveLength(2);
    expect(test.logged).toContainEqual({ code: "KEY_LEFT_DISABLED", fields: { keyArn: keyArn(), generation: 2 } });
  });

  it.each([
    ["event-missed", "EVENT_MISSED"],
    ["requester-unconfirmed", "DELETION_UNCONFIRMED"],
  ] as const)("%s is logged as %s before the bus takes it", async (kind, code) => {
    const test = createTestSweep(createKeyWorld(), t0 + 1000);
    const file = CaseFile.open(detectionOf(caseNo(1)) as DeletionDetected, t0, "run");
    file.add(kind === "event-missed" ? { kind } : { kind, why: "no-record" }, t0);
    const bus = { ...test.bus, publish: fails("BUS_UNAVAILABLE") };
    await expect(publishCases({ ...test.guard, bus }, [file])).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
    expect(test.logged[0]).toEqual({ code, fields: caseNo(1) });
  });
});

describe("a message that comes back because its entries are not published", () => {
  it("does not put off the sweep that asks CloudTrail for the missing record", async () => {
    const keys = createKeyWorld({ key: paymentKey({ enabled: false, usageStoppedAt: t0 }) });
    const test = createTestSweep(keys, t0 + 1000);
    const guard = { ...test.guard, bus: { ...test.bus, publish: fails("BUS_UNAVAILABLE") } };
    const again = async (deliveries: number) =>
      await guardDeletion(guard, { source: "service-event", keyArn: keyArn(), deliveries });
    await expect(again(1)).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
    expect([keys.state, keys.key.enabled]).toEqual(["CREATE_COMPLETE", false]);
    test.inHistory.calls = [deletionRequest()];
    // Each delivery comes right before the sweep.
    for (const [deliveries, minutes] of [
      [2, 16],
      [3, 32],
      [4, 48],
    ] as const) {
      test.time.now = t0 + minutes * 60_000;
      await expect(again(deliveries)).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
      test.time.now += 60_000;
      await test.run({ bus: guard.bus });
    }
    expect(keys.key.enabled).toBe(true);
    expect(test.kinds()[0]).toEqual(expect.arrayContaining(["requester-learned", "key-usable"]));
  });
});
