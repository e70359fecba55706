import { describe, expect, it } from "vitest";
import type { DeletionRequest } from "../../lib/domain/deletion/request.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { Permit } from "../../lib/domain/ledger/permit-terms.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { PaymentKeys } from "../../lib/workflows/ports/guard.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { allowReaper, asking, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, keyArn, paymentKey, reaper, t0 } from "../doubles/key-world.ts";
import { createTestSweep } from "../doubles/sweeper.ts";
import { cast } from "../doubles/vote-deps.ts";
import { sweepToTheEnd } from "../doubles/weeks.ts";

const minute = 60_000;
const hour = 60 * minute;
const denied = async () => await Promise.reject(new GuardError("ACCESS_DENIED", "retry", "denied"));
const event = (request: DeletionRequest, deliveries = 1) => ({ source: "event", request, deliveries }) as const;
const mallory = { kind: "user", account: "111122223333", userArn: "arn:aws:iam::111122223333:user/mallory" } as const;
const byMallory = (at: number, overrides: Partial<DeletionRequest> = {}) =>
  deletionRequest({ requester: mallory, eventId: "22222222-2222-4222-8222-222222222222", at, ...overrides });
type Test = ReturnType<typeof createTestSweep>;
type World = ReturnType<typeof createKeyWorld>;

/** Sweeps every 15 minutes until `until` (ms). */
async function sweepUntil(test: Test, until: number): Promise<void> {
  while (test.time.now < until) {
    test.time.now += 15 * minute;
    await test.run();
  }
}

const hidden = (keys: World): PaymentKeys => ({ ...keys, observe: denied });
const withoutTime = (keys: World): PaymentKeys => ({
  ...keys,
  observe: async (identifier) => {
    const seen = await keys.observe(identifier);
    return seen.kind === "pending" ? { kind: "undated", arn: keyArn(), why: "no-time", key: seen.key } : seen;
  },
});

describe("an allowed deletion that was confirmed twice, undone by hand, and the key deleted again while its time cannot be read", () => {
  it.each<[string, (keys: World) => PaymentKeys, boolean]>([
    ["GetKey is denied, the event comes", hidden, true],
    ["GetKey is denied, the event is lost", hidden, false],
    ["GetKey names no time, the event comes", withoutTime, true],
    ["GetKey names no time, the event is lost", withoutTime, false],
  ])("is restored where %s", async (_, seenBy, comes) => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + minute, { policy: policyWith([allowReaper]) });
    const first = deletionRequest({ requester: reaper });
    test.inHistory.calls = [first];
    await guardDeletion(test.guard, event(first));
    await sweepUntil(test, t0 + 2 * day + hour);
    expect(test.kinds()[0]?.filter((kind) => kind === "requester-confirmed")).toHaveLength(2);
    const again = byMallory(test.time.now, { requestedDays: 7 });
    keys.deletePendingAt = again.at + 7 * day;
    test.inHistory.calls = [first, again];
    test.time.now += minute;
    if (comes) await guardDeletion({ ...test.guard, keys: seenBy(keys) }, event(again));
    await sweepToTheEnd(test, keys, { keys: seenBy(keys) });
    expect(keys.state).toBe("CREATE_COMPLETE");
  });
});

describe("a deletion without a record that people approved, and the key deleted again with the very same end", () => {
  const approved = async () => {
    const keys = createKeyWorld();
    const policy = asking({ meanwhile: "pending", within: "20h" });
    const test = createTestSweep(keys, t0 + 20 * minute, { policy });
    await test.run();
    await sweepUntil(test, t0 + 50 * minute);
    for (const person of ["alice", "bob", "carol"]) await cast(test.guard, person, "approve");
    await test.run();
    expect(test.kinds()[0]).toContain("deletion-allowed");
    test.time.now = t0 + 10 * hour;
    const again = byMallory(test.time.now - minute);
    test.inHistory.calls = [again];
    return { keys, test, again };
  };

  it("asks people again when the record comes: it was called after the key was seen pending", async () => {
    const { keys, test, again } = await approved();
    await guardDeletion(test.guard, event(again));
    expect(test.kinds()[0]?.at(-1)).toBe("approval-requested");
    await sweepToTheEnd(test, keys);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("is found by the look at CloudTrail within the last day", async () => {
    const { keys, test } = await approved();
    await sweepToTheEnd(test, keys);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });
});

describe("a permit, while the key's records cannot be read", () => {
  it("is not used up: nobody knows which case uses it", async () => {
    const { guard, cases } = createTestSweep(createKeyWorld(), t0 + minute, { policy: asking() });
    let saves = 0;
    const savePermit: typeof cases.savePermit = async (change) => {
      saves += 1;
      return await cases.savePermit(change);
    };
    const history = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    const permit: Permit = {
      keyArn: keyArn(),
      id: { by: "request", number: 1 },
      principal: "arn:aws:iam::111122223333:user/mallory",
      minWaitingMs: 3 * day,
      group: "custodians",
      approvedBy: ["alice", "bob", "carol"],
      proof: ["aws"],
      issuedAt: t0 - hour,
      until: t0 + day,
    };
    const { append } = await import("../../lib/domain/ledger/chain.ts");
    const issued = { kind: "permit-issued", permit } as const;
    await cases.savePermit({ chain: append(chainBefore(issued), issued, t0 - hour), expectedLength: 0 });
    const run = guardDeletion({ ...guard, cases: { ...cases, history, savePermit } }, event(byMallory(t0)));
    await expect(run).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(saves).toBe(0);
  });
});

describe("an allowed and confirmed deletion while GetKey is denied", () => {
  it("is not undone by a step that fails, days before its end", async () => {
    const keys = createKeyWorld({ deletePendingAt: t0 + 7 * day });
    const request = deletionRequest({ requester: reaper, requestedDays: 7 });
    const test = createTestSweep(keys, t0 + minute, { policy: policyWith([allowReaper]) });
    test.inHistory.calls = [request];
    await guardDeletion(test.guard, event(request));
    await sweepUntil(test, t0 + hour);
    const save = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    test.time.now += 2 * hour;
    await test.run({ keys: hidden(keys), cases: { ...test.cases, save } });
    expect(keys.state).toBe("DELETE_PENDING");
  });
});

describe("a live key that GetKey hides", () => {
  it("is not restored again and again, and people go on deciding", async () => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + minute, { policy: asking({ within: "24h" }) });
    test.inHistory.calls = [deletionRequest()];
    await guardDeletion(test.guard, event(deletionRequest()));
    const before = keys.calls.length;
    for (let n = 0; n < 120; n++) {
      test.time.now += 15 * minute;
      await test.run({ keys: hidden(keys) });
    }
    expect(keys.calls.slice(before)).not.toContain("RestoreKey");
    expect(test.kinds()).toHaveLength(1);
    expect(test.kinds()[0]?.at(-1)).toBe("approval-expired");
  });
});

describe("a hidden key that is gone", () => {
  it("ends its case by the answer of RestoreKey", async () => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + minute);
    const restore: PaymentKeys["restore"] = async () => {
      keys.calls.push("RestoreKey");
      return { kind: "refused", code: "ResourceNotFoundException" };
    };
    const gone = { ...hidden(keys), restore };
    await guardDeletion({ ...test.guard, keys: { ...hidden(keys), restore: denied } }, event(deletionRequest())).catch(
      () => {},
    );
    keys.state = "GONE";
    test.time.now = t0 + 4 * day;
    for (let n = 0; n < 3; n++) await test.run({ keys: gone });
    expect(test.kinds()[0]?.at(-1)).toBe("key-destroyed");
    expect(keys.calls.filter((call) => call === "RestoreKey")).toHaveLength(1);
  });
});

describe("a replica that was hidden once", () => {
  it("is left to its primary once it can be read", async () => {
    const keys = createKeyWorld({ key: paymentKey({ multiRegion: "REPLICA" }) });
    const test = createTestSweep(keys, t0 + minute);
    await guardDeletion({ ...test.guard, keys: { ...hidden(keys), restore: denied } }, event(deletionRequest())).catch(
      () => {},
    );
    for (let n = 0; n < 5; n++) {
      test.time.now += 15 * minute;
      await test.run();
    }
    expect(keys.calls).not.toContain("RestoreKey");
  });
});
