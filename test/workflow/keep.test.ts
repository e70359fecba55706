import { describe, expect, it } from "vitest";
import { foldPermit } from "../../lib/domain/approval/permit.ts";
import { foldPlannedPermit } from "../../lib/domain/approval/planned-permit.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { recordPermit } from "../../lib/workflows/approve/record-permit.ts";
import { recordVote } from "../../lib/workflows/approve/record-vote.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { Trigger } from "../../lib/workflows/guard/run.ts";
import type { CaseStore } from "../../lib/workflows/ports/guard.ts";
import { allowReaper, asking, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, keyArn, paymentKey, reaper, t0 } from "../doubles/key-world.ts";
import { createTestSweep } from "../doubles/sweeper.ts";
import { cast, voteBy, voteDepsOf } from "../doubles/vote-deps.ts";

const arn = keyArn();
const aliceUser = { kind: "user", account: "111122223333", userArn: "arn:aws:iam::111122223333:user/alice" } as const;
const hour = 3_600_000;
const quarter = 15 * 60_000;
const one = { keyArn: arn, generation: 1 };
const reEvaluate = (generation = 1): Trigger => ({ source: "re-evaluate", keyArn: arn, generation, deliveries: 1 });
const down = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
const voterOf = (person: string) =>
  ({ via: "aws", arn: `arn:aws:iam::111122223333:user/${person}`, userId: `AIDA${person}` }) as const;

/** A key that came back, and whose deletion two custodians have approved: alice holds a permit to repeat it. */
async function permitted(approval: object = {}) {
  const keys = createKeyWorld();
  const test = createTestSweep(keys, t0 + 1000, { policy: asking({ permitFor: "7d", ...approval }) });
  const { guard, cases, time } = test;
  await guardDeletion(guard, { source: "event", request: deletionRequest(), deliveries: 1 });
  for (const person of ["bob", "carol"]) await cast(guard, person, "approve");
  await guardDeletion(guard, reEvaluate());
  const withStore = (changed: Partial<CaseStore>) => ({ ...guard, cases: { ...cases, ...changed } });
  const revoked = async () => (await cases.permits(arn)).map((chain) => foldPermit(chain)?.revoked);
  /** Alice deletes the key again, with her permit. */
  const again = (over: object = {}): Trigger => {
    time.now += hour;
    keys.state = "DELETE_PENDING";
    const at = time.now - 2000;
    keys.deletePendingAt = at + 3 * day;
    const request = deletionRequest({ eventId: "22222222-2222-4222-8222-222222222222", at, ...over });
    test.inHistory.latest = request;
    return { source: "event", request, deliveries: 1 };
  };
  return { ...test, keys, withStore, revoked, again };
}

describe("a Keep on record", () => {
  it("holds although its revocation is lost, and a second press of the button is answered so", async () => {
    const { guard, keys, withStore, kinds, again, revoked } = await permitted();
    const first = await recordVote(voteDepsOf(withStore({ savePermit: down })), one, voteBy("bob", "keep", "press-1"));
    expect(first).toMatchObject({
      verdict: { kind: "counted", state: "kept" },
      unrevoked: "STORE_UNAVAILABLE",
    });
    for (const [person, press, verdict] of [
      ["bob", "press-2", { kind: "kept-already", by: "bob" }],
      ["carol", "press-3", { kind: "counted", person: "carol", state: "kept" }],
    ] as const) {
      const later = await recordVote(voteDepsOf(withStore({ permits: down })), one, voteBy(person, "keep", press));
      expect(later.verdict).toEqual(verdict);
    }
    // The guard cannot write to the permit either; the key comes back nevertheless.
    await expect(guardDeletion(withStore({ savePermit: down }), again())).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
    });
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(kinds().flat()).not.toContain("permit-used");
    expect(await revoked()).toEqual([false]);
    await guardDeletion(guard, reEvaluate(2));
    expect(await revoked()).toEqual([true]);
  });

  it("is completed by the sweep: the case reports it, and the permit's own chain", async () => {
    const { guard, withStore, kinds, revoked, time, run, cases } = await permitted();
    await recordVote(voteDepsOf(withStore({ permits: down })), one, voteBy("bob", "keep"));
    expect(await revoked()).toEqual([false]);
    time.now += quarter;
    await run();
    expect(await revoked()).toEqual([true]);
    expect(kinds()[0]?.slice(-3)).toEqual(["vote-cast", "approval-refused", "permit-revoked"]);
    expect((await cases.permits(arn))[0]?.entries.at(-1)).toMatchObject({ kind: "permit-revoked", by: "bob" });
    expect(await cases.due(time.now + day, 10)).toEqual([]);
    // Looking again adds nothing.
    await guardDeletion(guard, reEvaluate());
    expect(kinds()[0]?.filter((kind) => kind === "permit-revoked")).toHaveLength(1);
  });

  it("is recorded once in the case, though anyone who writes to the permit's chain dies before it does", async () => {
    const { guard, withStore, kinds, revoked } = await permitted();
    const dies = async () => await Promise.reject(new Error("crash"));
    await expect(recordVote(voteDepsOf(withStore({ savePermit: dies })), one, voteBy("bob", "keep"))).rejects.toThrow();
    expect([kinds()[0]?.at(-1), await revoked()]).toEqual(["permit-revoked", [false]]);
    await guardDeletion(guard, reEvaluate());
    expect([kinds()[0]?.filter((kind) => kind === "permit-revoked").length, await revoked()]).toEqual([1, [true]]);
  });

  it("keeps the key from a deletion that passes by the permit already, also when it is pressed in the earlier case", async () => {
    for (const generation of [1, 2]) {
      const { guard, keys, again, kinds } = await permitted();
      await guardDeletion(guard, again());
      expect([keys.state, kinds()[1]?.at(-1)]).toEqual(["DELETE_PENDING", "deletion-allowed"]);
      expect((await cast(guard, "dave", "keep", generation)).verdict).toMatchObject({ state: "kept" });
      await guardDeletion(guard, reEvaluate(generation));
      expect(keys.state).toBe("CREATE_COMPLETE");
      expect(kinds()[1]).toContain("approval-refused");
    }
  });

  it.each([
    ["by another person", "carol"],
    ["by the same person", "bob"],
  ])("is renewed %s, and keeps the key from a newer deletion by a newer permit", async (_, person) => {
    const { guard, keys, again, cases, time, kinds } = await permitted();
    await cast(guard, "bob", "keep");
    time.now += hour;
    const stack = { account: "111122223333", region: "us-east-1" };
    const permitDeps = { cases, policy: guard.policy, stack, clock: guard.clock };
    const wish = { principal: aliceUser.userArn, minWaitingMs: 3 * day };
    await recordPermit(permitDeps, voterOf("dave"), { do: "request", keyArn: arn, wish, reason: "CHG" });
    for (const each of ["bob", "carol"])
      await recordPermit(permitDeps, voterOf(each), { do: "approve", name: { keyArn: arn, number: 1 }, reason: "CHG" });
    await guardDeletion(guard, again({ requester: aliceUser }));
    expect([keys.state, kinds()[1]?.at(-1)]).toEqual(["DELETE_PENDING", "deletion-allowed"]);
    const pressed = await recordVote(voteDepsOf(guard), one, voteBy(person, "keep", "a-later-press"));
    expect(pressed.verdict).toEqual({ kind: "counted", person: person, state: "kept" });
    await guardDeletion(guard, reEvaluate());
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  /** A kept case that takes no more entries: someone has pressed Keep a hundred times. */
  async function fullCase() {
    const made = await permitted();
    const { guard, time } = made;
    let presses = 0;
    const press = async () => {
      time.now += 2 * 60_000;
      return await recordVote(voteDepsOf(guard), one, voteBy("bob", "keep", `press-${presses++}`));
    };
    while (presses < 200 && (await press().catch(() => undefined)) !== undefined);
    return { ...made, presses, press };
  }
  const newPermit = async ({ cases, guard, time }: Awaited<ReturnType<typeof permitted>>) => {
    time.now += hour;
    const stack = { account: "111122223333", region: "us-east-1" };
    const permitDeps = { cases, policy: guard.policy, stack, clock: guard.clock };
    const wish = { principal: aliceUser.userArn, minWaitingMs: 3 * day };
    await recordPermit(permitDeps, voterOf("dave"), { do: "request", keyArn: arn, wish, reason: "CHG" });
    for (const each of ["bob", "carol"])
      await recordPermit(permitDeps, voterOf(each), { do: "approve", name: { keyArn: arn, number: 1 }, reason: "CHG" });
  };

  it("holds in a case without room for another: a further press has nothing to keep the key from", async () => {
    const { presses, press } = await fullCase();
    expect(presses).toBeGreaterThan(90);
    await expect(press()).rejects.toMatchObject({ code: "CASE_FULL" });
  });

  it("is taken by the permits where the case has no room, and no stranger's is", async () => {
    const made = await fullCase();
    await newPermit(made);
    const keep = async (person: string) =>
      await recordVote(voteDepsOf(made.guard), one, voteBy(person, "keep", `late-${person}`));
    expect((await keep("mallory")).verdict).toEqual({ kind: "refused", why: "stranger" });
    expect(new Set(await made.revoked())).toEqual(new Set([true, false]));
    expect((await keep("carol")).verdict).toEqual({ kind: "counted", person: "carol", state: "kept" });
    expect(await made.revoked()).toEqual([true, true]);
    await guardDeletion(made.guard, made.again({ requester: aliceUser }));
    expect(made.keys.state).toBe("CREATE_COMPLETE");
  });

  it("is taken by the next case where its own has no room, and the deletion passes already", async () => {
    const made = await fullCase();
    await newPermit(made);
    await guardDeletion(made.guard, made.again({ requester: aliceUser }));
    expect([made.keys.state, made.kinds()[1]?.at(-1)]).toEqual(["DELETE_PENDING", "deletion-allowed"]);
    const pressed = await recordVote(voteDepsOf(made.guard), one, voteBy("carol", "keep", "late"));
    expect(pressed).toMatchObject({ verdict: { kind: "counted", person: "carol", state: "kept" }, added: true });
    await guardDeletion(made.guard, reEvaluate());
    expect([made.keys.state, made.kinds()[1]?.includes("approval-refused")]).toEqual(["CREATE_COMPLETE", true]);
  });

  it("does not keep the key from a deletion that came later, and that people approve", async () => {
    const { guard, keys, again, kinds } = await permitted({ meanwhile: "restored" });
    await cast(guard, "dave", "keep");
    await guardDeletion(guard, again());
    expect([keys.state, kinds()[1]?.at(-1)]).toEqual(["CREATE_COMPLETE", "approval-requested"]);
    for (const person of ["bob", "carol"]) await cast(guard, person, "approve", 2);
    await guardDeletion(guard, reEvaluate(2));
    expect(kinds()[1]?.at(-1)).toBe("permit-issued");
  });

  it("brings the key back before it waits for any permit", async () => {
    const { keys, withStore, again, guard, time } = await permitted({ meanwhile: "pending" });
    await cast(guard, "dave", "keep");
    time.now += hour;
    await guardDeletion(guard, again());
    expect(keys.state).toBe("DELETE_PENDING");
    await cast(guard, "dave", "keep", 2);
    const broken = withStore({ permits: down, savePermit: down });
    await expect(guardDeletion(broken, reEvaluate(2))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(keys.state).toBe("CREATE_COMPLETE");
  });
});

describe("a Keep of a key that a rule let go", () => {
  const byReaper = deletionRequest({ requester: reaper });
  const letTheReaper = policyWith([allowReaper]);

  /** The reaper has deleted the key, a rule allowed it, and CloudTrail has confirmed it. */
  async function letGo(overrides: object = {}) {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + 1000, { policy: letTheReaper, ...overrides });
    test.inHistory.latest = byReaper;
    await guardDeletion(test.guard, { source: "event", request: byReaper, deliveries: 1 });
    test.time.now += hour;
    await test.run();
    expect(test.kinds()[0]?.slice(-2)).toEqual(["deletion-allowed", "requester-confirmed"]);
    return { ...test, keys };
  }

  it("restores it, by any one person, with a record before the effect", async () => {
    for (const person of ["dave", "bob"]) {
      const { guard, keys, kinds } = await letGo();
      expect((await cast(guard, person, "keep")).verdict).toEqual({ kind: "counted", person, state: "kept" });
      expect([keys.state, kinds()[0]?.slice(-2)]).toEqual(["DELETE_PENDING", ["vote-cast", "approval-refused"]]);
      await guardDeletion(guard, reEvaluate());
      expect([keys.state, keys.key.enabled]).toEqual(["CREATE_COMPLETE", true]);
      expect(kinds()[0]?.slice(-4)).toEqual([
        ...["approval-refused", "restore-intended", "key-restored", "key-usable"],
      ]);
    }
  });

  it("does so by the sweep where the guard is never notified of it, and though CloudTrail confirmed the deletion", async () => {
    const { guard, keys, run, time } = await letGo();
    await cast(guard, "dave", "keep");
    time.now += quarter;
    await run();
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("does so in the last moments", async () => {
    const late = await letGo();
    late.time.now = t0 + 3 * day - 60_000;
    await cast(late.guard, "dave", "keep");
    await guardDeletion(late.guard, reEvaluate());
    expect(late.keys.state).toBe("CREATE_COMPLETE");
  });

  it.each([
    ["a further record of the call comes", byReaper.at],
    ["the policy allows it again", byReaper.at + 500],
  ])("holds when %s", async (_, at) => {
    const { guard, keys } = await letGo();
    await cast(guard, "dave", "keep");
    const further = deletionRequest({ requester: reaper, eventId: "33333333-3333-4333-8333-333333333333", at });
    await guardDeletion(guard, { source: "event", request: further, deliveries: 1 });
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("leaves a key disabled that was stopped before: a compromised key does not come back into use", async () => {
    const keys = createKeyWorld({ key: paymentKey({ enabled: false, usageStoppedAt: t0 - day }) });
    const { guard, kinds } = createTestSweep(keys, t0 + 1000, { policy: letTheReaper });
    await guardDeletion(guard, { source: "event", request: byReaper, deliveries: 1 });
    await cast(guard, "dave", "keep");
    await guardDeletion(guard, reEvaluate());
    expect([keys.state, keys.key.enabled, kinds()[0]?.at(-1)]).toEqual(["CREATE_COMPLETE", false, "key-left-disabled"]);
  });

  /** A deletion that was let go and kept by Dave, and an hour later another one. */
  async function keptAndDeletedAgain() {
    const { guard, keys, time, kinds } = await letGo();
    await cast(guard, "dave", "keep");
    await guardDeletion(guard, reEvaluate());
    time.now += hour;
    keys.state = "DELETE_PENDING";
    keys.deletePendingAt = time.now + 3 * day;
    const eventId = "44444444-4444-4444-8444-444444444444";
    const request = deletionRequest({ requester: reaper, eventId, at: time.now });
    await guardDeletion(guard, { source: "event", request, deliveries: 1 });
    return { guard, keys, time, kinds };
  }

  it("says nothing about a later deletion, which the rule allows again", async () => {
    const { keys, kinds } = await keptAndDeletedAgain();
    expect([keys.state, kinds()[1]?.at(-1)]).toEqual(["DELETE_PENDING", "deletion-allowed"]);
  });

  it("in an earlier case, after the key was deleted again, keeps it from that deletion too", async () => {
    const { guard, keys, time, kinds } = await keptAndDeletedAgain();
    time.now += 2 * 60_000;
    await recordVote(voteDepsOf(guard), one, voteBy("dave", "keep", "an-older-message"));
    await guardDeletion(guard, reEvaluate(2));
    expect([keys.state, kinds()[1]?.includes("approval-refused")]).toEqual(["CREATE_COMPLETE", true]);
  });

  it("holds when `observe` is deployed before the guard acts", async () => {
    const { guard, keys, run, time } = await letGo();
    await cast(guard, "dave", "keep");
    const observing = { policy: { ...letTheReaper, mode: "observe", hash: "observe" } as const };
    time.now += quarter;
    await run(observing);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("is refused once the key is gone", async () => {
    const { guard, keys, time, run } = await letGo();
    time.now = t0 + 3 * day + hour;
    keys.state = "DELETE_COMPLETE";
    await run();
    await guardDeletion(guard, reEvaluate());
    expect((await cast(guard, "dave", "keep")).verdict).toEqual({ kind: "refused", why: "too-late" });
  });

  it("waits for no permit", async () => {
    const broken = { permits: down, savePermit: down };
    const { guard, cases, keys } = await letGo();
    await cast(guard, "dave", "keep");
    const withBroken = { ...guard, cases: { ...cases, ...broken } };
    await expect(guardDeletion(withBroken, reEvaluate())).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(keys.state).toBe("CREATE_COMPLETE");
  });
});

describe("a Keep where many permits were requested", () => {
  const wish = { principal: "arn:aws:iam::111122223333:user/alice", minWaitingMs: 3 * day };

  /** A restored key of which `count` permits were requested, a day after every twenty; the last one is issued. */
  async function requested(count: number) {
    const keys = createKeyWorld({ state: "CREATE_COMPLETE" });
    const test = createTestSweep(keys, t0 - 20 * day, { policy: asking({ permitFor: "30d" }) });
    const { guard, cases, time } = test;
    const stack = { account: "111122223333", region: "us-east-1" };
    const permitDeps = { cases, policy: guard.policy, stack, clock: guard.clock };
    for (let n = 1; n <= count; n++) {
      if (n % 20 === 0) time.now += day + 1000;
      await recordPermit(permitDeps, voterOf("dave"), { do: "request", keyArn: arn, wish, reason: "CHG" });
    }
    const approve = async (person: string, number: number) =>
      (await recordPermit(permitDeps, voterOf(person), { do: "approve", name: { keyArn: arn, number }, reason: "CHG" }))
        .verdict;
    for (const person of ["bob", "carol"]) await approve(person, count);
    time.now = t0 + 1000;
    keys.state = "DELETE_PENDING";
    await guardDeletion(guard, { source: "event", request: deletionRequest(), deliveries: 1 });
    const states = async () => (await cases.permits(arn)).flatMap((chain) => foldPlannedPermit(chain) ?? []);
    return { ...test, keys, permitDeps, approve, states };
  }

  it("revokes every one that is usable, whatever its number, and no other", async () => {
    const { guard, states } = await requested(105);
    expect((await cast(guard, "bob", "keep")).verdict).toMatchObject({ state: "kept" });
    expect((await states()).filter(({ revoked }) => revoked).map(({ number }) => number)).toEqual([105]);
  });

  it("fails by code while any of them stays usable", async () => {
    const { guard, cases, states } = await requested(3);
    const refusing = { ...guard, cases: { ...cases, savePermit: async () => "conflict" as const } };
    const kept = await recordVote(voteDepsOf(refusing), one, voteBy("bob", "keep"));
    expect(kept).toMatchObject({ verdict: { state: "kept" }, unrevoked: "CASE_CHANGED" });
    await expect(guardDeletion(refusing, reEvaluate())).rejects.toMatchObject({ code: "CASE_CHANGED" });
    await guardDeletion(guard, reEvaluate());
    expect((await states()).filter(({ revoked }) => revoked)).toHaveLength(1);
  });

  it("revokes those that were only requested: nobody is notified that one is issued", async () => {
    const { guard, cases, time, permitDeps, approve, states } = await requested(1);
    await recordPermit(permitDeps, voterOf("dave"), { do: "request", keyArn: arn, wish, reason: "CHG" });
    const broken = { ...guard, cases: { ...cases, savePermit: down } };
    await recordVote(voteDepsOf(broken), one, voteBy("bob", "keep"));
    expect(await approve("carol", 2)).toEqual({ kind: "refused", why: "kept-since" });
    // One that is requested afterwards is another matter.
    time.now += 1000;
    await recordPermit(permitDeps, voterOf("dave"), { do: "request", keyArn: arn, wish, reason: "CHG" });
    for (const person of ["bob", "carol"]) await approve(person, 3);
    await guardDeletion(guard, reEvaluate());
    expect((await states()).map(({ number, revoked, issued }) => [number, revoked, issued !== undefined])).toEqual([
      ...[
        [3, false, true],
        [2, true, false],
        [1, true, true],
      ],
    ]);
  });
});
