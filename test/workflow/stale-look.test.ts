import { describe, expect, it } from "vitest";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { KeyHistory } from "../../lib/workflows/ports/guard.ts";
import { allowReaper, createTestGuard, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, deletionRequest, paymentKey, reaper, t0 } from "../doubles/key-world.ts";

const event = (request = deletionRequest()) => ({ source: "event" as const, request, deliveries: 1 });
const usable = ["deletion-detected", "decided", "restore-intended", "key-restored"];

/** The history of the key is read so late that everything of `meanwhile` has happened since GetKey. Found by the explored model. */
function readingLate(cases: { history: (arn: never) => Promise<KeyHistory> }, meanwhile: () => Promise<unknown>) {
  let first = true;
  return async (arn: never) => {
    if (first) {
      first = false;
      await meanwhile();
    }
    return await cases.history(arn);
  };
}

describe("a look at the key that is older than the record", () => {
  it("makes no second case of a deletion that another run has undone meanwhile", async () => {
    const keys = createKeyWorld({ key: paymentKey({ enabled: false, usageStoppedAt: t0 }) });
    const { guard, kinds } = createTestGuard(keys, t0 + 1000);
    const history = readingLate(guard.cases, async () => await guardDeletion(guard, event()));
    await guardDeletion({ ...guard, cases: { ...guard.cases, history } }, event());
    expect(kinds()).toEqual([[...usable, "usage-start-intended", "key-usable"]]);
    expect(keys.calls.filter((call) => call === "RestoreKey")).toHaveLength(1);
    expect(keys.key.enabled).toBe(true);
  });

  it("does not end a case that another run has opened for a deletion after it", async () => {
    const keys = createKeyWorld({ state: "CREATE_COMPLETE" });
    const { guard, kinds } = createTestGuard(keys, t0 + 1000, { policy: policyWith([allowReaper]) });
    const history = readingLate(guard.cases, async () => {
      keys.state = "DELETE_PENDING";
      await guardDeletion(guard, event(deletionRequest({ requester: reaper })));
    });
    const trigger = { source: "sweep", keyArn: keys.key.arn, deliveries: 1, asked: false, listed: true } as const;
    await guardDeletion({ ...guard, cases: { ...guard.cases, history } }, trigger);
    expect(kinds()).toEqual([["deletion-detected", "decided", "deletion-allowed"]]);
  });
});
