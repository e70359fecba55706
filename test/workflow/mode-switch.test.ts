import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { Policy } from "../../lib/domain/policy/policy.ts";
import { recordPause } from "../../lib/workflows/approve/record-pause.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { asking, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, deletionRequest, type KeyWorld, t0 } from "../doubles/key-world.ts";
import { createTestSweep } from "../doubles/sweeper.ts";
import { cast } from "../doubles/vote-deps.ts";
import { sweepToTheEnd } from "../doubles/weeks.ts";

const second = deletionRequest({ eventId: "11111111-1111-4111-8111-111111111111", at: t0 + 1000 });
const hour = 3_600_000;

/** Alice and Bob pause the guard for `forMs`. */
async function pauseBy({ pauses, guard }: ReturnType<typeof createTestSweep>, policy: Policy, forMs: number) {
  const terms = policy.pause && { terms: policy.pause };
  const deps = { pauses, directory: policy.directory, ...terms, clock: guard.clock };
  for (const name of ["alice", "bob"]) {
    const voter = { via: "aws", arn: `arn:aws:iam::111122223333:user/${name}`, userId: `AIDA${name}` } as const;
    await recordPause(deps, voter, { do: "pause", forMs, reason: "INC-7" });
  }
}

/** Deletes the key again at `at` (ms), and returns the record of it. */
function deletedLater(keys: KeyWorld, at: number) {
  keys.state = "DELETE_PENDING";
  keys.deletePendingAt = at + 3 * 86_400_000;
  return deletionRequest({ eventId: "22222222-2222-4222-8222-222222222222", at });
}

const event = (request = deletionRequest()) => ({ source: "event", request, deliveries: 1 }) as const;

describe("a key deleted twice within one case while the guard only observed", () => {
  it("is restored by the first sweep under enforce", async () => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + 5000, { policy: policyWith([], { mode: "observe" }) });
    await guardDeletion(test.guard, event());
    await guardDeletion(test.guard, event(second));
    expect(await sweepToTheEnd(test, keys, { policy: policyWith() })).toBe(1);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("is restored when the pause ends", async () => {
    const keys = createKeyWorld();
    const policy = policyWith([], { pause: { from: "custodians", atMost: "4h" } });
    const test = createTestSweep(keys, t0 + 500, { policy });
    await pauseBy(test, policy, 2 * hour);
    test.time.now = t0 + 5000;
    await guardDeletion(test.guard, event());
    await guardDeletion(test.guard, event(second));
    expect(await sweepToTheEnd(test, keys)).toBe(8);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });
});

describe("a restore that is throttled after the key's time", () => {
  it("is tried again by every sweep until it holds", async () => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + 3 * 86_400_000 + 3_600_000);
    let calls = 0;
    const restore: typeof keys.restore = async (arn) => {
      calls += 1;
      return calls < 4 ? { kind: "refused", code: "ConflictException" } : await keys.restore(arn);
    };
    for (let n = 0; n < 4; n++) await test.run({ keys: { ...keys, restore } });
    expect([keys.state, calls]).toEqual(["CREATE_COMPLETE", 4]);
  });
});

describe("a question asked under enforce, when observe is deployed before it is answered", () => {
  const promise = { meanwhile: "pending" } as const;
  const observing = { policy: { ...asking(promise), mode: "observe", hash: "observe" } as const };

  async function askedUnderEnforce() {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + 1000, { policy: asking(promise) });
    await guardDeletion(test.guard, event());
    return { keys, test, observer: { ...test.guard, ...observing } };
  }

  it("keeps the key when nobody answers", async () => {
    const { keys, test } = await askedUnderEnforce();
    await sweepToTheEnd(test, keys, observing);
    expect([keys.state, keys.key.enabled]).toEqual(["CREATE_COMPLETE", true]);
    expect(test.kinds()[0]).toEqual(
      expect.arrayContaining(["approval-requested", "approval-expired", "restore-intended", "key-usable"]),
    );
  });

  it("is asked again, under the same promise, when a further record of the deletion arrives", async () => {
    const { keys, test, observer } = await askedUnderEnforce();
    await guardDeletion(observer, event(second));
    expect(test.kinds()[0]?.filter((kind) => kind === "approval-requested")).toHaveLength(2);
    await sweepToTheEnd(test, keys, observing);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("keeps the key for anyone who presses Keep", async () => {
    const { keys, test, observer } = await askedUnderEnforce();
    await cast(test.guard, "bob", "keep");
    await guardDeletion(observer, { source: "re-evaluate", keyArn: keys.key.arn, generation: 1, deliveries: 1 });
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("keeps the key at its last moment though others keep changing the case", async () => {
    const { keys, test } = await askedUnderEnforce();
    const cases = { ...test.guard.cases, save: async () => "conflict" as const };
    await sweepToTheEnd(test, keys, { ...observing, cases });
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("is suspended while two people pause the guard, and kept once the pause ends", async () => {
    const { keys, test } = await askedUnderEnforce();
    const pause = { from: "custodians", atMostMs: 48 * hour };
    const paused = { policy: { ...observing.policy, pause } };
    test.time.now += 10 * hour;
    await pauseBy(test, paused.policy, 20 * hour);
    test.time.now += 16 * hour;
    await test.run(paused);
    expect(keys.state).toBe("DELETE_PENDING");
    await sweepToTheEnd(test, keys, paused);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("promises nothing about a later deletion, which is only observed", async () => {
    const { keys, test, observer } = await askedUnderEnforce();
    await sweepToTheEnd(test, keys, observing);
    await guardDeletion(observer, event(deletedLater(keys, test.time.now)));
    expect(keys.state).toBe("DELETE_PENDING");
  });

  it("promises nothing about a later deletion that the store does not record: nothing is announced in its place", async () => {
    const { keys, test, observer } = await askedUnderEnforce();
    await sweepToTheEnd(test, keys, observing);
    const down = new GuardError("STORE_UNAVAILABLE", "retry", "down");
    const cases = { ...observer.cases, save: async () => await Promise.reject(down) };
    const later = event(deletedLater(keys, test.time.now));
    await expect(guardDeletion({ ...observer, cases }, later)).rejects.toBe(down);
    expect([keys.state, test.bus.unrecorded]).toEqual(["DELETE_PENDING", []]);
  });
});
