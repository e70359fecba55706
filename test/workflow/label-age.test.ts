import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { Guard } from "../../lib/workflows/guard/run.ts";
import { allowReaper, createTestGuard, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, paymentKey, reaper, t0 } from "../doubles/key-world.ts";
import { labelsSeenSince } from "../doubles/label-inventory.ts";
import { createTestSweep } from "../doubles/sweeper.ts";

const hour = 3_600_000;
const cleaning = {
  id: "clean",
  then: "allow",
  when: { key: { tags: { Environment: "test" }, alias: "alias/test/*" }, ...allowReaper.when },
};
const policy = policyWith([cleaning]);
const test = { tagsOfKey: { Environment: "test" }, aliasesOfKey: ["alias/test/a"] };
const production = { tagsOfKey: { Environment: "prod" }, aliasesOfKey: ["alias/prod/a"] };
const byReaper = (deliveries = 1) =>
  ({ source: "event", request: deletionRequest({ requester: reaper }), deliveries }) as const;
const seeing = (labelsSeen: Guard["inventory"]["labelsSeen"]) => ({
  policy,
  inventory: { lastSeen: async () => undefined, labelsSeen },
});
const decisionIn = ({ cases }: ReturnType<typeof createTestGuard>) =>
  cases.chains()[0]?.entries.find(({ kind }) => kind === "decided");

describe("a test key that the reaper deletes", () => {
  it("goes where the inventory has seen its labels for a week", async () => {
    const keys = createKeyWorld(test);
    const made = createTestGuard(
      keys,
      t0 + 1_000,
      seeing(async () => labelsSeenSince(test, t0 - 7 * day, t0)),
    );
    await guardDeletion(made.guard, byReaper());
    expect(keys.state).toBe("DELETE_PENDING");
    expect(decisionIn(made)).toMatchObject({ effect: { outcome: "allow" }, rule: "clean" });
    expect(decisionIn(made)).not.toHaveProperty("heldBack");
  });

  it.each<[string, Guard["inventory"]["labelsSeen"], string]>([
    ["relabeled an hour ago", async () => labelsSeenSince(production, t0 - 30 * day, t0 - hour), "too-new"],
    ["labeled for less than a week", async () => labelsSeenSince(test, t0 - 6 * day, t0), "too-new"],
    ["not in the inventory", async () => undefined, "not-seen"],
    ["last read three days ago", async () => labelsSeenSince(test, t0 - 30 * day, t0 - 3 * day), "not-seen"],
    ["in an inventory that is damaged", async () => "unreadable", "unreadable"],
  ])("comes back where it is %s, and its record says why", async (_, labelsSeen, why) => {
    const keys = createKeyWorld(test);
    const made = createTestGuard(keys, t0 + 1_000, seeing(labelsSeen));
    await guardDeletion(made.guard, byReaper());
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(decisionIn(made)).toMatchObject({
      rule: "default",
      heldBack: { rule: "clean", condition: "key.tags.Environment", why, minAgeMs: 604_800_000 },
    });
  });

  it("goes at once where it was created with its labels", async () => {
    const first = (at: number) => ({ state: "=test", since: at, at, first: true }) as const;
    const seen = { tags: { Environment: first(t0 - hour) }, aliases: { ...first(t0 - hour), state: "alias/test/a" } };
    const keyMade = (createdAt: number) => createKeyWorld({ ...test, key: paymentKey({ createdAt }) });
    const [young, old] = [keyMade(t0 - 20 * hour), keyMade(t0 - 26 * hour)];
    await guardDeletion(
      createTestGuard(
        young,
        t0 + 1_000,
        seeing(async () => seen),
      ).guard,
      byReaper(),
    );
    await guardDeletion(
      createTestGuard(
        old,
        t0 + 1_000,
        seeing(async () => seen),
      ).guard,
      byReaper(),
    );
    expect([young.state, old.state]).toEqual(["DELETE_PENDING", "CREATE_COMPLETE"]);
  });

  it("waits for an inventory that is out of reach, and comes back with the third delivery", async () => {
    const keys = createKeyWorld(test);
    const down = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    const made = createTestGuard(keys, t0 + 1_000, seeing(down));
    for (const deliveries of [1, 2])
      await expect(guardDeletion(made.guard, byReaper(deliveries))).rejects.toMatchObject({
        code: "INVENTORY_UNAVAILABLE",
      });
    expect(keys.state).toBe("DELETE_PENDING");
    expect(made.bus.unrecorded).toEqual([]);
    await guardDeletion(made.guard, byReaper(3));
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(decisionIn(made)).toMatchObject({ heldBack: { why: "unreadable" } });
    expect(made.logged).toContainEqual({
      code: "LABELS_UNREADABLE",
      fields: { keyArn: keys.key.arn, fact: "labelAge", code: "INVENTORY_UNAVAILABLE" },
    });
  });
});

describe("a label that grows old while the deletion is pending", () => {
  const relabeled = async () => labelsSeenSince(test, t0 - hour, t0 + 8 * day);
  const request = deletionRequest({ requester: reaper, requestedDays: 30 });
  const ask = {
    id: "ask",
    then: "ask",
    when: allowReaper.when,
    approval: { from: "custodians", quorum: 2, within: "20d", meanwhile: "pending" },
  };

  it("does not answer for the people who were asked, when another policy is deployed", async () => {
    const keys = createKeyWorld({ ...test, deletePendingAt: t0 + 30 * day });
    const asking = policyWith([cleaning, ask]);
    const made = createTestSweep(keys, t0 + 1_000, { ...seeing(relabeled), policy: asking });
    await guardDeletion(made.guard, { source: "event", request, deliveries: 1 });
    made.inHistory.latest = request;
    for (const later of [hour, 8 * day]) {
      made.time.now = t0 + later;
      await made.run({ policy: { ...asking, hash: "e".repeat(64) } });
    }
    expect(made.kinds()[0]).toContain("requester-confirmed");
    expect(made.kinds()[0]).not.toContain("deletion-allowed");
    made.time.now = t0 + 21 * day;
    await made.run();
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("lets nothing pass that was deleted while the guard only observed", async () => {
    const keys = createKeyWorld({ ...test, deletePendingAt: t0 + 30 * day });
    const made = createTestSweep(keys, t0 + 1_000, {
      ...seeing(relabeled),
      policy: policyWith([cleaning], { mode: "observe" }),
    });
    await guardDeletion(made.guard, { source: "event", request, deliveries: 1 });
    made.inHistory.latest = request;
    made.time.now = t0 + 8 * day;
    await made.run({ policy });
    expect(keys.state).toBe("CREATE_COMPLETE");
  });
});

describe("while the store is down", () => {
  const down = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
  const deletedWhileDown = async (labels: typeof test) => {
    const keys = createKeyWorld(labels);
    const made = createTestGuard(keys, t0 + 1_000, seeing(down));
    const cases = { ...made.guard.cases, history: down, save: down, permits: down };
    await expect(guardDeletion({ ...made.guard, cases }, byReaper())).rejects.toBeInstanceOf(GuardError);
    return keys.state;
  };

  it("a production key comes back at once, for no age of its labels could change that", async () => {
    expect(await deletedWhileDown(production)).toBe("CREATE_COMPLETE");
  });

  it("a test key, which their age may let go, waits", async () => {
    expect(await deletedWhileDown(test)).toBe("DELETE_PENDING");
  });
});

describe("calls for labels", () => {
  const lookups = (calls: readonly string[]) => calls.filter((call) => call.startsWith("List"));

  it("are made by neither event nor sweep where no label can weaken the outcome", async () => {
    const keys = createKeyWorld(production);
    const made = createTestSweep(
      keys,
      t0 + 60_000,
      seeing(async () => labelsSeenSince(production, t0 - day, t0)),
    );
    await guardDeletion(made.guard, byReaper());
    expect(keys.state).toBe("CREATE_COMPLETE");
    keys.state = "DELETE_PENDING";
    keys.deletePendingAt += day;
    made.time.now += 20 * 60_000;
    await made.run();
    expect(lookups(keys.calls)).toEqual(["ListKeys"]);
  });

  it("are made where a label could weaken it, or protects the key", async () => {
    const keys = createKeyWorld(test);
    await guardDeletion(
      createTestGuard(
        keys,
        t0,
        seeing(async () => labelsSeenSince(test, t0 - 7 * day, t0)),
      ).guard,
      byReaper(),
    );
    expect(lookups(keys.calls)).toEqual(["ListTagsForResource", "ListAliases"]);
    const strict = policyWith([{ id: "pci", then: "restore", when: { key: { tags: { pci: "yes" } } } }, allowReaper]);
    const guarded = createKeyWorld({ tagsOfKey: { pci: "yes" } });
    await guardDeletion(
      createTestGuard(guarded, t0, { ...seeing(async () => undefined), policy: strict }).guard,
      byReaper(),
    );
    expect(lookups(guarded.calls)).toEqual(["ListTagsForResource"]);
    expect(guarded.state).toBe("CREATE_COMPLETE");
  });
});

describe("a sweep", () => {
  it("takes aliases with the inventory, then reads tags, and neither again in the next sweep", async () => {
    const keys = createKeyWorld({ ...test, state: "CREATE_COMPLETE" });
    const made = createTestSweep(keys, t0, { policy });
    made.time.now += 23 * hour;
    await made.run();
    await made.run();
    expect(keys.calls).toEqual(["ListKeys", "ListKeys", "ListAliases", "ListTagsForResource", "ListKeys"]);
    const [part] = [...made.labels.stored.values()].filter(({ size }) => size > 0);
    expect(part?.get(keys.key.arn)?.labels).toMatchObject({
      tags: { Environment: { state: "=test", since: t0 + 23 * hour } },
      aliases: { state: "alias/test/a", since: t0 + 23 * hour },
    });
  });

  it("that cannot read the times of the labels does everything else", async () => {
    const keys = createKeyWorld();
    const made = createTestSweep(keys, t0 + 300_000, { policy });
    made.labels.readAt = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    const report = await made.run();
    expect(report.stepErrors).toMatchObject([{ code: "STORE_UNAVAILABLE" }]);
    expect(made.logged).toContainEqual({
      code: "SWEEP_STEP_FAILED",
      fields: expect.objectContaining({ step: "read-label-times", code: "STORE_UNAVAILABLE" }) as object,
    });
  });
});
