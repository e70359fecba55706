import { describe, expect, it } from "vitest";
import type { Policy } from "../../lib/domain/policy/policy.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { allowReaper, createTestGuard, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, deletionRequest, keyArn, reaper, t0 } from "../doubles/key-world.ts";

const event = (deliveries: number, request = deletionRequest()) => ({ source: "event", request, deliveries }) as const;
const swept = { source: "sweep", keyArn: keyArn(), deliveries: 1, asked: false, listed: false } as const;

/** A guard whose runs end when they look at a key: nothing that they wait for comes. `recovered` is the guard once they do no more. */
function dying(policy: Policy = policyWith()) {
  const keys = createKeyWorld();
  const test = createTestGuard(keys, t0 + 1000, { policy });
  const observe = async () => await new Promise<never>(() => {});
  const deliver = async (deliveries: number, request = deletionRequest()) => {
    void guardDeletion({ ...test.guard, keys: { ...keys, observe } }, event(deliveries, request));
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { ...test, keys, deliver, recovered: test.guard };
}

describe("a deletion whose runs die while they look at the key", () => {
  it("is on record from the fifth delivery on, once, and due at once", async () => {
    const { deliver, kinds, cases } = dying();
    for (const deliveries of [1, 2, 3, 4]) await deliver(deliveries);
    expect(kinds()).toEqual([]);
    for (const deliveries of [5, 6]) await deliver(deliveries);
    expect(kinds()).toEqual([["deletion-detected"]]);
    expect((await cases.history(keyArn())).newest?.dueAt).toBe(t0 + 1000);
  });

  it("ends in the sweep that comes after, where people have restored the key meanwhile", async () => {
    const { deliver, kinds, recovered, keys, bus } = dying();
    await deliver(5);
    keys.state = "CREATE_COMPLETE";
    await guardDeletion(recovered, swept);
    expect(kinds()[0]).toContain("restored-by-others");
    expect(bus.published.map(({ kind }) => kind)).toContain("deletion-detected");
  });

  it("is allowed later where the policy allows it: the record that was stored is the one that is judged", async () => {
    const { deliver, kinds, recovered, keys } = dying(policyWith([allowReaper]));
    await deliver(5, deletionRequest({ requester: reaper }));
    await guardDeletion(recovered, event(6, deletionRequest({ requester: reaper })));
    expect([keys.state, kinds()[0]?.includes("deletion-allowed")]).toEqual(["DELETE_PENDING", true]);
  });

  it("is left to its case where one knows it already", async () => {
    const { recovered, kinds } = dying();
    await guardDeletion(recovered, event(1));
    const before = kinds();
    await guardDeletion(recovered, event(9));
    expect(kinds()).toEqual(before);
  });
});
