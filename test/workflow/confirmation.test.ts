import { describe, expect, it } from "vitest";
import type { DeletionRequest } from "../../lib/domain/deletion/request.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { Requester } from "../../lib/domain/people/requester.ts";
import type { Policy } from "../../lib/domain/policy/policy.ts";
import { recordVote } from "../../lib/workflows/approve/record-vote.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { allowReaper, asking, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, keyArn, reaper, t0 } from "../doubles/key-world.ts";
import { createTestSweep } from "../doubles/sweeper.ts";
import { cast, voteBy, voteDepsOf } from "../doubles/vote-deps.ts";

const minute = 60_000;
const hour = 60 * minute;
const secondId = "22222222-2222-4222-8222-222222222222";
const thirdId = "33333333-3333-4333-8333-333333333333";
const user = (name: string): Requester => ({
  kind: "user",
  account: "111122223333",
  userArn: `arn:aws:iam::111122223333:user/${name}`,
});
const byReaper = deletionRequest({ requester: reaper });
const allowing = { policy: policyWith([allowReaper]) };
const down = new GuardError("HISTORY_UNAVAILABLE", "retry", "down");
const allowed = ["deletion-detected", "decided", "deletion-allowed"];
const asked = ["deletion-detected", "decided", "approval-requested"];
const undone = ["restore-intended", "key-restored", "key-usable"];
const event = (request: DeletionRequest) => ({ source: "event" as const, request, deliveries: 1 });

type TestSweep = ReturnType<typeof createTestSweep>;

/** Sweeps every quarter of an hour from now until `until` (ms), or until the key is alive or gone. */
async function sweepUntil({ run, time }: TestSweep, keys: ReturnType<typeof createKeyWorld>, until: number) {
  while (time.now + 15 * minute <= until && keys.state === "DELETE_PENDING") {
    time.now += 15 * minute;
    if (time.now >= keys.deletePendingAt) keys.state = "GONE";
    await run();
  }
}

describe("a key that is deleted again until the same time", () => {
  it("gives CloudTrail an hour from when the later deletion was allowed", async () => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + minute, allowing);
    test.inHistory.calls = [byReaper];
    await guardDeletion(test.guard, event(byReaper));
    test.time.now = t0 + 16 * minute;
    await test.run();
    const again = deletionRequest({ requester: reaper, eventId: secondId, at: t0 + 2 * hour - minute });
    test.time.now = t0 + 2 * hour;
    await guardDeletion(test.guard, event(again));
    test.time.now = t0 + 2 * hour + 59 * minute;
    await test.run();
    expect(test.kinds()).toEqual([[...allowed, "requester-confirmed", ...allowed]]);
    expect(keys.state).toBe("DELETE_PENDING");
    test.inHistory.calls = [byReaper, again];
    test.time.now = t0 + 3 * hour + 15 * minute;
    await test.run();
    expect(test.kinds()[0]?.at(-1)).toBe("requester-confirmed");
    expect(keys.state).toBe("DELETE_PENDING");
  });

  it("is restored when CloudTrail does not show the later deletion within that hour", async () => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + minute, allowing);
    test.inHistory.calls = [byReaper];
    await guardDeletion(test.guard, event(byReaper));
    test.time.now = t0 + 2 * hour;
    const again = deletionRequest({ requester: reaper, eventId: secondId, at: t0 + 2 * hour - minute });
    await guardDeletion(test.guard, event(again));
    test.time.now = t0 + 3 * hour;
    await test.run();
    expect(keys.state).toBe("CREATE_COMPLETE");
  });
});

describe("a deletion that people approved", () => {
  const policy = asking({ meanwhile: "pending" });

  it("is confirmed while they are asked, and once more within a day of its end", async () => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + 1000, { policy });
    test.inHistory.latest = deletionRequest();
    await guardDeletion(test.guard, event(deletionRequest()));
    await sweepUntil(test, keys, t0 + hour);
    expect(test.kinds()).toEqual([[...asked, "requester-confirmed"]]);
    for (const name of ["bob", "carol"]) await cast(test.guard, name, "approve");
    await sweepUntil(test, keys, t0 + 4 * day);
    expect(test.kinds()).toEqual([
      [
        ...[...asked, "requester-confirmed", "vote-cast", "vote-cast", "approval-granted"],
        ...["deletion-allowed", "requester-confirmed", "key-destroyed"],
      ],
    ]);
  });

  it("is restored an hour after they approved it when CloudTrail has no such call, and nobody gets a permit", async () => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + 1000, { policy });
    await guardDeletion(test.guard, event(deletionRequest({ requester: user("dave") })));
    await sweepUntil(test, keys, t0 + 3 * hour);
    expect(test.kinds()).toEqual([asked]);
    for (const name of ["alice", "bob"]) await cast(test.guard, name, "approve");
    await sweepUntil(test, keys, t0 + day);
    expect(test.kinds()).toEqual([
      [
        ...[...asked, "vote-cast", "vote-cast", "approval-granted", "deletion-allowed"],
        ...["requester-unconfirmed", ...undone],
      ],
    ]);
    expect(test.cases.permitTexts()).toEqual([]);
  });

  it("is restored when the record that people were notified of was forged, though the real one came as well", async () => {
    const forged = deletionRequest({ requester: user("dave"), eventId: thirdId, at: t0 + 1000 });
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + 5000, { policy });
    test.inHistory.latest = deletionRequest();
    await guardDeletion(test.guard, event(forged));
    await guardDeletion(test.guard, event(deletionRequest()));
    for (const name of ["bob", "carol"]) await cast(test.guard, name, "approve");
    await sweepUntil(test, keys, t0 + 2 * hour);
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(test.kinds()[0]?.slice(-5)).toEqual(["deletion-allowed", "requester-unconfirmed", ...undone]);
  });

  it("is asked about again when CloudTrail knows a later call whose event was lost: its requester approves nothing", async () => {
    const byBob = deletionRequest({ requester: user("bob"), eventId: secondId, at: t0 + minute });
    const keys = createKeyWorld({ deletePendingAt: t0 + minute + 3 * day });
    const test = createTestSweep(keys, t0 + 150_000, { policy });
    test.inHistory.latest = byBob;
    await guardDeletion(test.guard, event(deletionRequest({ requester: user("alice") })));
    for (const name of ["bob", "carol"]) await cast(test.guard, name, "approve");
    test.time.now += 5 * minute;
    await test.run();
    const again = ["deletion-detected", "decided", "approval-requested"];
    expect(test.kinds()[0]?.slice(-3)).toEqual(again);
    const vote = voteBy("bob", "approve", "again");
    const { verdict } = await recordVote(voteDepsOf(test.guard), { keyArn: keyArn(), generation: 1 }, vote);
    expect(verdict).toEqual({ kind: "refused", why: "own-deletion" });
    await sweepUntil(test, keys, t0 + 4 * day);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("is restored when someone deletes the key again, with the very same end, after it was approved and confirmed", async () => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + 1000, { policy });
    const first = deletionRequest();
    const second = deletionRequest({ requester: user("mallory"), eventId: secondId, at: t0 + 2 * hour });
    test.inHistory.calls = [first];
    await guardDeletion(test.guard, event(first));
    for (const name of ["bob", "carol"]) await cast(test.guard, name, "approve");
    await sweepUntil(test, keys, t0 + 2 * hour);
    test.inHistory.calls = [second, first];
    await sweepUntil(test, keys, t0 + 3 * hour);
    // The history is read forward every half hour, and people are asked about the later deletion in time.
    expect(test.kinds()[0]?.slice(-4)).toEqual([...asked, "requester-confirmed"]);
    await sweepUntil(test, keys, t0 + 4 * day);
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(test.kinds()[0]?.slice(-4)).toEqual(["approval-expired", ...undone]);
  });
});

describe("an allowed deletion within a day of its end", () => {
  it("is restored when the history, late, has the call of another person that led to it", async () => {
    const second = deletionRequest({ requester: user("mallory"), eventId: secondId, at: t0 + minute });
    const keys = createKeyWorld({ deletePendingAt: t0 + minute + 3 * day });
    const test = createTestSweep(keys, t0 + 2 * minute, allowing);
    test.inHistory.calls = [byReaper];
    await guardDeletion(test.guard, event(byReaper));
    await sweepUntil(test, keys, t0 + 20 * minute);
    expect(test.kinds()).toEqual([[...allowed, "requester-confirmed"]]);
    test.inHistory.calls = [second, byReaper];
    await sweepUntil(test, keys, t0 + 4 * day);
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(test.kinds()).toEqual([[...allowed, "requester-confirmed", "deletion-detected", "decided", ...undone]]);
  });

  it("waits for a history that is down if it was confirmed before, and passes when that comes back", async () => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + 1000, allowing);
    test.inHistory.latest = byReaper;
    await guardDeletion(test.guard, event(byReaper));
    await sweepUntil(test, keys, t0 + hour);
    test.inHistory.fails = down;
    await sweepUntil(test, keys, keys.deletePendingAt - 2 * hour);
    expect(test.kinds()).toEqual([[...allowed, "requester-confirmed"]]);
    delete test.inHistory.fails;
    await sweepUntil(test, keys, t0 + 4 * day);
    expect(test.kinds()).toEqual([[...allowed, "requester-confirmed", "requester-confirmed", "key-destroyed"]]);
  });

  it("is restored an hour before its end while the history is down, although it was confirmed before", async () => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + 1000, allowing);
    test.inHistory.latest = byReaper;
    await guardDeletion(test.guard, event(byReaper));
    await sweepUntil(test, keys, t0 + hour);
    test.inHistory.fails = down;
    await sweepUntil(test, keys, keys.deletePendingAt - hour - minute);
    expect(keys.state).toBe("DELETE_PENDING");
    await sweepUntil(test, keys, keys.deletePendingAt);
    expect(test.kinds()).toEqual([[...allowed, "requester-confirmed", "requester-unconfirmed", ...undone]]);
    expect(test.cases.chains()[0]?.entries.find(({ kind }) => kind === "requester-unconfirmed")).toMatchObject({
      why: "history-unreadable",
    });
  });

  it("is confirmed by the sweep that finds it under a policy that enforces at last", async () => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + 1000, { policy: policyWith([allowReaper], { mode: "observe" }) });
    await guardDeletion(test.guard, event(byReaper));
    test.inHistory.latest = byReaper;
    test.time.now = t0 + 2 * day + hour;
    await test.run(allowing);
    expect(test.kinds()).toEqual([
      ["deletion-detected", "decided", "decided", "deletion-allowed", "requester-confirmed"],
    ]);
    expect(keys.state).toBe("DELETE_PENDING");
  });

  it.each([
    ["does not know the call", {}, ["requester-unconfirmed", ...undone]],
    ["cannot be read", { fails: down }, undone],
    ["cannot be read to its end, and lacks the record", { complete: false }, ["requester-unconfirmed", ...undone]],
    ["cannot be read to its end, and has the record", { complete: false, latest: byReaper }, undone],
  ])("is restored by the sweep that finds it so, when the history %s", async (_, history, expected) => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + 1000, { policy: policyWith([allowReaper], { mode: "observe" }) });
    await guardDeletion(test.guard, event(byReaper));
    Object.assign(test.inHistory, history);
    test.time.now = keys.deletePendingAt - 5 * minute;
    await test.run(allowing);
    expect(test.kinds()).toEqual([["deletion-detected", "decided", "decided", "deletion-allowed", ...expected]]);
    // Once for the doubt, and once forward.
    expect(test.inHistory.reads).toBe(2);
  });

  it("that is found after its time, and is gone, is said to be confirmed no more than it was", async () => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + 1000, allowing);
    test.inHistory.latest = byReaper;
    await guardDeletion(test.guard, event(byReaper));
    await sweepUntil(test, keys, t0 + hour);
    test.time.now = keys.deletePendingAt;
    keys.state = "GONE";
    await test.run();
    expect(test.kinds()).toEqual([[...allowed, "requester-confirmed", "key-destroyed"]]);
  });
});

describe("a call that an earlier case of the key knows", () => {
  const byMallory = deletionRequest({ requester: user("mallory"), at: t0 + 1000 });

  it.each([
    ["in the same second", t0 + 1000],
    ["a second before it", t0],
  ])("confirms no forged record %s", async (_, at) => {
    const forged = deletionRequest({ requester: reaper, eventId: thirdId, at });
    const keys = createKeyWorld({ deletePendingAt: t0 + 1000 + 3 * day });
    const test = createTestSweep(keys, t0 + 2000, allowing);
    test.inHistory.calls = [byMallory];
    await guardDeletion(test.guard, event(byMallory));
    keys.state = "DELETE_PENDING";
    keys.deletePendingAt = t0 + 1900 + 3 * day;
    test.time.now += 1000;
    await guardDeletion(test.guard, event(forged));
    expect(test.kinds()[1]).toEqual(allowed);
    await sweepUntil(test, keys, t0 + 2 * hour);
    expect(test.kinds()[1]).toEqual([...allowed, "requester-unconfirmed", ...undone]);
  });
});

describe("a key that is found minutes before it may be destroyed", () => {
  it("is decided without its requester by that very sweep, when event and history are both missing", async () => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, keys.deletePendingAt - 12 * minute, allowing);
    test.inHistory.fails = down;
    await test.run();
    expect(test.kinds()).toEqual([["deletion-detected", "decided", ...undone]]);
  });

  it.each([
    ["a service event", { source: "service-event", keyArn: keyArn(), deliveries: 1 }],
    ["an event of another deletion", event(deletionRequest({ at: t0 - 30 * day }))],
  ] as const)("is waited for by nobody in the last 15 minutes, when %s reports it", async (_, trigger) => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, keys.deletePendingAt - 15 * minute, allowing);
    await guardDeletion(test.guard, trigger);
    expect(test.kinds()).toEqual([["deletion-detected", "decided", ...undone]]);
  });

  it("is due at the next sweep while a record may still come", async () => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, keys.deletePendingAt - 20 * minute, allowing);
    const trigger = { source: "service-event", keyArn: keyArn(), deliveries: 1 } as const;
    await expect(guardDeletion(test.guard, trigger)).rejects.toMatchObject({ code: "REQUESTER_AWAITED" });
    expect(await test.cases.due(test.time.now, 10)).toHaveLength(1);
  });
});

describe("a policy that is deployed while people are asked about a pending key", () => {
  const ask = {
    id: "ask",
    when: { key: { usage: "TR31_C0_CARD_VERIFICATION_KEY" } },
    then: "ask",
    approval: { from: "custodians", quorum: 2, within: "24h", meanwhile: "pending" },
  };
  const deployed = (hash: string, ...rules: object[]): { policy: Policy } => ({
    policy: { ...policyWith(rules), hash: hash.repeat(64) },
  });
  const testOnly = {
    id: "test-keys",
    when: { key: { tags: { Environment: ["dev"] } }, ...allowReaper.when },
    then: "allow",
  };

  async function askedAbout(record = byReaper) {
    const keys = createKeyWorld({ tagsOfKey: { Environment: "dev" } });
    const test = createTestSweep(keys, t0 + 1000, deployed("a", ask));
    await guardDeletion(test.guard, event(record));
    test.time.now += 15 * minute;
    return { keys, ...test };
  }

  it("allows the deletion once CloudTrail has confirmed it, and nobody is asked any more", async () => {
    const test = await askedAbout();
    const now = deployed("b", allowReaper, ask);
    await test.run(now);
    expect(test.kinds()).toEqual([asked]);
    test.inHistory.latest = byReaper;
    test.time.now += 15 * minute;
    await test.run(now);
    const adopted = [...asked, "requester-confirmed", "decided", "deletion-allowed"];
    expect(test.kinds()).toEqual([adopted]);
    expect((await cast(test.guard, "bob", "approve")).verdict).toEqual({ kind: "refused", why: "too-late" });
    test.time.now = t0 + 2 * day;
    await test.run(now);
    test.time.now = test.keys.deletePendingAt;
    test.keys.state = "GONE";
    await test.run(now);
    expect(test.kinds()[0]?.slice(-2)).toEqual(["requester-confirmed", "key-destroyed"]);
  });

  it("leaves the question as it was asked when it does not allow, with one read of tags an hour and no entry", async () => {
    const test = await askedAbout();
    test.keys.tagsOfKey = { Environment: "prod" };
    test.inHistory.latest = byReaper;
    await test.run();
    const before = [...asked, "requester-confirmed"];
    expect(test.kinds()).toEqual([before]);
    for (let n = 0; n < 3; n++) {
      const calls = test.keys.calls.length;
      test.time.now += hour;
      await test.run(deployed("c", testOnly, { ...ask, approval: { ...ask.approval, quorum: 1 } }));
      expect(test.keys.calls.slice(calls)).toEqual(["ListKeys", "GetKey", "ListTagsForResource"]);
    }
    expect(test.kinds()).toEqual([before]);
    for (const name of ["alice", "bob", "carol"]) await cast(test.guard, name, "approve");
    expect(test.kinds()[0]?.at(-1)).toBe("approval-granted");
  });

  it("reads no labels for a record that CloudTrail has not confirmed, and restores when the time to decide is over", async () => {
    const test = await askedAbout();
    const now = deployed("b", testOnly, ask);
    test.inHistory.fails = down;
    await test.run(now);
    expect(test.keys.calls).not.toContain("RestoreKey");
    const reads = test.keys.calls.filter((call) => call === "ListTagsForResource").length;
    await sweepUntil(test, test.keys, t0 + 25 * hour);
    expect(test.keys.state).toBe("CREATE_COMPLETE");
    expect(test.keys.calls.filter((call) => call === "ListTagsForResource")).toHaveLength(reads);
  });

  it("never holds up the deadline, though tags cannot be read", async () => {
    const test = await askedAbout();
    test.inHistory.latest = byReaper;
    const keys = {
      ...test.keys,
      tags: async () => await Promise.reject(new GuardError("ACCESS_DENIED", "retry", "no")),
    };
    test.time.now = t0 + 25 * hour;
    await test.run({ ...deployed("b", testOnly, ask), keys });
    expect(test.kinds()[0]).toContain("approval-expired");
    expect(test.keys.state).toBe("CREATE_COMPLETE");
  });
});
