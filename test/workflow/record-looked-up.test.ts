import { describe, expect, it } from "vitest";
import { asking } from "../doubles/guard.ts";
import { createKeyWorld, deletionRequest, paymentKey, t0 } from "../doubles/key-world.ts";
import { createTestSweep } from "../doubles/sweeper.ts";

const minute = 60_000;
const stoppedByDeletion = () => createKeyWorld({ key: paymentKey({ enabled: false, usageStoppedAt: t0 }) });

/** A key whose event is lost, restored by the sweep while people have a day to answer. */
async function restoredWithoutRecord() {
  const keys = stoppedByDeletion();
  const test = createTestSweep(keys, t0 + minute, { policy: asking({ meanwhile: "restored", within: "24h" }) });
  await test.run();
  expect([keys.state, keys.key.enabled]).toEqual(["CREATE_COMPLETE", false]);
  expect(test.kinds()[0]).toEqual(expect.arrayContaining(["key-left-disabled", "approval-requested"]));
  test.inHistory.calls = [deletionRequest()];
  return { keys, test };
}

describe("a record that no event brought, of a key that people are asked about", () => {
  it("is looked up after a quarter of an hour, long before the first reminder, and the key is started", async () => {
    const { keys, test } = await restoredWithoutRecord();
    test.time.now = t0 + 17 * minute;
    await test.run();
    expect(test.kinds()[0]).toContain("requester-learned");
    expect(keys.key.enabled).toBe(true);
  });

  it("is looked up again until it is there", async () => {
    const { keys, test } = await restoredWithoutRecord();
    const { calls = [] } = test.inHistory;
    Object.assign(test.inHistory, { calls: [], complete: false });
    for (const minutes of [17, 33]) {
      test.time.now = t0 + minutes * minute;
      await test.run();
    }
    expect(keys.key.enabled).toBe(false);
    Object.assign(test.inHistory, { calls, complete: true });
    test.time.now = t0 + 50 * minute;
    await test.run();
    expect(keys.key.enabled).toBe(true);
  });

  it.each([
    ["since does not keep it disabled", 10 * minute, true],
    ["before the deletion keeps it disabled", -10 * minute, false],
  ])("starts the key: an inventory that saw it disabled %s", async (_, sinceMs, enabled) => {
    const { keys, test } = await restoredWithoutRecord();
    const inventory = { ...test.guard.inventory, lastSeen: async () => ({ enabled: false, at: t0 + sinceMs }) };
    test.time.now = t0 + 17 * minute;
    await test.run({ inventory });
    expect(keys.key.enabled).toBe(enabled);
  });
});
