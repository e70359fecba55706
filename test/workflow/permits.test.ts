import { describe, expect, it } from "vitest";
import { foldPermit } from "../../lib/domain/approval/permit.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { Trigger } from "../../lib/workflows/guard/run.ts";
import type { CaseStore } from "../../lib/workflows/ports/guard.ts";
import { asking, createTestGuard } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, keyArn, t0 } from "../doubles/key-world.ts";
import { cast } from "../doubles/vote-deps.ts";

const hour = 3_600_000;
const policy = asking();
const reEvaluate: Trigger = { source: "re-evaluate", keyArn: keyArn(), generation: 1, deliveries: 1 };
const crash = async () => await Promise.reject(new Error("crash"));

/** A restored key whose deletion two custodians have approved; the permit is still to be issued. */
async function approved() {
  const keys = createKeyWorld();
  const test = createTestGuard(keys, t0 + 1000, { policy });
  await guardDeletion(test.guard, { source: "event", request: deletionRequest(), deliveries: 1 });
  await cast(test.guard, "bob", "approve");
  await cast(test.guard, "carol", "approve");
  const permits = async () => (await test.cases.permits(keyArn())).map((chain) => foldPermit(chain));
  const withStore = (changed: Partial<CaseStore>) => ({ ...test.guard, cases: { ...test.cases, ...changed } });
  /** Someone deletes the key again, `n` hours later. */
  const again = (n: number): Trigger => {
    test.time.now = t0 + n * hour;
    keys.state = "DELETE_PENDING";
    keys.deletePendingAt = test.time.now + 3 * day;
    const eventId = `${n}${n}111111-1111-4111-8111-111111111111`;
    return { source: "event", request: deletionRequest({ eventId, at: test.time.now }), deliveries: 1 };
  };
  return { ...test, keys, permits, withStore, again };
}

describe("a permit", () => {
  it("is issued once, whether a crash comes before it is saved or after", async () => {
    const { guard, cases, permits, withStore, kinds, time } = await approved();
    await expect(guardDeletion(withStore({ savePermit: crash }), reEvaluate)).rejects.toThrow("crash");
    expect(await permits()).toEqual([]);
    time.now += 60_000;
    let saves = 0;
    const afterwards: CaseStore["savePermit"] = async (change) => {
      saves += 1;
      await cases.savePermit(change);
      return await crash();
    };
    await expect(guardDeletion(withStore({ savePermit: afterwards }), reEvaluate)).rejects.toThrow("crash");
    const [issued] = await permits();
    time.now += 60_000;
    await guardDeletion(guard, reEvaluate);
    expect([saves, (await permits()).length]).toEqual([1, 1]);
    expect(kinds()[0]?.filter((kind) => kind === "permit-issued")).toHaveLength(1);
    // What the case says was given is what was given, though the retry came later.
    const told = cases.chains()[0]?.entries.find((entry) => entry.kind === "permit-issued");
    expect(told).toMatchObject({ permit: issued?.permit });
  });

  it("that neither could be saved nor is there is left to a later run", async () => {
    const { withStore } = await approved();
    const refusing = withStore({ savePermit: async () => "conflict" });
    await expect(guardDeletion(refusing, reEvaluate)).rejects.toMatchObject({
      code: "CASE_CLAIMED",
      disposition: "retry",
    });
  });

  it("names the deletion that it lets pass before the case says so", async () => {
    const { guard, permits, withStore, again, kinds, keys, cases, time } = await approved();
    await guardDeletion(guard, reEvaluate);
    const repeated = again(1);
    const used: CaseStore["savePermit"] = async (change) => {
      await cases.savePermit(change);
      return await crash();
    };
    await expect(guardDeletion(withStore({ savePermit: used }), repeated)).rejects.toThrow("crash");
    expect((await permits())[0]).toMatchObject({ usedBy: { generation: 2 } });
    expect(kinds()[1]).not.toContain("deletion-allowed");
    time.now += 60_000;
    await guardDeletion(guard, repeated);
    expect(kinds()[1]?.slice(-2)).toEqual(["permit-used", "deletion-allowed"]);
    expect(keys.state).toBe("DELETE_PENDING");
  });

  it("that someone takes back at the very moment in which it is used lets nothing pass", async () => {
    const { guard, withStore, again, keys, kinds } = await approved();
    await guardDeletion(guard, reEvaluate);
    const repeated = again(1);
    let tried = 0;
    const late: CaseStore["savePermit"] = async () => {
      tried += 1;
      if (tried === 1) await cast(guard, "dave", "keep");
      return "conflict";
    };
    await guardDeletion(withStore({ savePermit: late }), repeated);
    expect(tried).toBe(1);
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(kinds()[1]).not.toContain("permit-used");
  });
});
