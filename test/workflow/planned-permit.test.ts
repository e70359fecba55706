import { describe, expect, it } from "vitest";
import { foldPlannedPermit } from "../../lib/domain/approval/planned-permit.ts";
import { type PermitDeps, recordPermit } from "../../lib/workflows/approve/record-permit.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { announcePermit } from "../../lib/workflows/notify/announce-permit.ts";
import { asking, createTestGuard, everybody, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, keyArn, t0 } from "../doubles/key-world.ts";
import { createNotifyWorld } from "../doubles/notify.ts";
import { cast } from "../doubles/vote-deps.ts";

const arn = keyArn();
const hour = 3_600_000;
const aliceArn = "arn:aws:iam::111122223333:user/alice";
const roleId = "AROADEPLOYER00000000";
const askTwo = { from: "custodians", quorum: 2, within: "24h" };
const name = { keyArn: arn, number: 1 };
const voterOf = (person: string) =>
  ({ via: "aws", arn: `arn:aws:iam::111122223333:user/${person}`, userId: `AIDA${person}` }) as const;

/** A key, scheduled for deletion at `t0` by `request`, for which a permit was given an hour before to alice. */
async function given({ policy = asking(), minWaitingMs = 3 * day, principal = aliceArn, roleId = "" } = {}) {
  const keys = createKeyWorld();
  const test = createTestGuard(keys, t0 - hour, { policy });
  const stack = { account: "111122223333", region: "us-east-1" };
  const permitDeps: PermitDeps = { cases: test.guard.cases, policy, stack, clock: test.guard.clock };
  const reason = "CHG-9";
  const wish = { principal, minWaitingMs, ...(roleId !== "" && { roleId }) };
  await recordPermit(permitDeps, voterOf("dave"), { do: "request", keyArn: arn, wish, reason });
  for (const person of ["bob", "carol"])
    await recordPermit(permitDeps, voterOf(person), { do: "approve", name, reason });
  const revoke = async () => await recordPermit(permitDeps, voterOf("dave"), { do: "revoke", name, reason });
  const chain = async () => (await test.cases.permits(arn)).find((each) => foldPlannedPermit(each)?.number === 1);
  const deleted = async (over: object = {}) => {
    test.time.now = t0 + 1000;
    const user = { kind: "user", account: "111122223333", userArn: aliceArn } as const;
    const request = deletionRequest({ requester: user, ...over });
    await guardDeletion(test.guard, { source: "event", request, deliveries: 1 });
    return test.kinds()[0];
  };
  return { ...test, keys, permitDeps, revoke, chain, deleted };
}

const passed = ["deletion-detected", "decided", "permit-used", "deletion-allowed"];

describe("a deletion for which a permit was given beforehand", () => {
  it("passes, once: the permit names it", async () => {
    const { deleted, keys, chain } = await given();
    expect(await deleted()).toEqual(passed);
    expect(keys.state).toBe("DELETE_PENDING");
    const entries = (await chain())?.entries;
    expect(entries?.at(-1)).toMatchObject({
      kind: "permit-used",
      permit: { by: "request", number: 1 },
      case: { keyArn: arn, generation: 1 },
    });
  });

  it("is still to be confirmed by CloudTrail, as whatever passes on the word of a record", async () => {
    const { deleted, cases } = await given();
    await deleted();
    expect(cases.items.get(`${arn}#1`)?.status).toBe("following");
  });

  it.each<[string, Parameters<typeof given>[0], object]>([
    [
      "someone else deletes the key",
      {},
      { requester: { kind: "user", account: "111122223333", userArn: `${aliceArn}2` } },
    ],
    ["less notice is given than was asked for", { minWaitingMs: 4 * day }, {}],
    ["the permit is for a role", { principal: "arn:aws:iam::111122223333:role/ci/key-reaper", roleId }, {}],
    ["the deletion was before the permit", {}, { at: t0 - hour }],
  ])("does not pass where %s", async (_, over, request) => {
    const { deleted, keys } = await given(over);
    expect(await deleted(request)).not.toContain("permit-used");
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("does not pass where the permit was taken back, or the key was kept before", async () => {
    const revoked = await given();
    await revoked.revoke();
    expect(await revoked.deleted()).not.toContain("permit-used");
    const restoring = await given({ policy: policyWith([{ id: "no", when: {}, then: "restore" }]) });
    expect(await restoring.deleted()).not.toContain("permit-used");
  });

  it("keeps what is asked for from being given once someone keeps the key", async () => {
    const { guard, deleted, permitDeps, chain } = await given();
    await recordPermit(permitDeps, voterOf("dave"), {
      ...{ do: "request", keyArn: arn, reason: "once more" },
      wish: { principal: aliceArn, minWaitingMs: 3 * day },
    });
    await deleted({ requester: { kind: "user", account: "111122223333", userArn: `${aliceArn}2` } });
    await cast(guard, "bob", "keep");
    expect((await chain())?.entries.at(-1)).toMatchObject({
      kind: "permit-revoked",
      permit: { by: "request", number: 1 },
      by: "bob",
    });
    const late = { do: "approve", name: { keyArn: arn, number: 2 }, reason: "late" } as const;
    expect((await recordPermit(permitDeps, voterOf("carol"), late)).verdict).toEqual({
      kind: "refused",
      why: "revoked-already",
    });
  });

  it("INVARIANT: does not pass for one of those who gave the permit, in the name of a role", async () => {
    const role = "arn:aws:iam::111122223333:role/ci/deployer";
    const policy = { ...asking(), directory: { ...asking().directory, trustsSourceIdentityFrom: () => true } };
    const session = {
      kind: "role-session",
      account: "111122223333",
      roleArn: role,
      roleId,
      sourceIdentity: "bob@example.com",
    };
    const { permitDeps, deleted } = await given({ policy, principal: role, roleId });
    const third = await recordPermit(permitDeps, voterOf("alice"), { do: "approve", name, reason: "CHG-9" });
    expect(third.verdict).toMatchObject({ kind: "issued" });
    expect(await deleted({ requester: session })).not.toContain("permit-used");
  });

  it("INVARIANT: passes for the role that was named, and for none that was created again under its ARN", async () => {
    const role = "arn:aws:iam::111122223333:role/ci/deployer";
    const session = { kind: "role-session", account: "111122223333", roleArn: role } as const;
    const deletedBy = async (requester: object) => {
      const { permitDeps, deleted } = await given({ principal: role, roleId });
      await recordPermit(permitDeps, voterOf("alice"), { do: "approve", name, reason: "CHG-9" });
      return (await deleted({ requester }))?.includes("permit-used");
    };
    expect(await deletedBy({ ...session, roleId })).toBe(true);
    expect(await deletedBy({ ...session, roleId: "AROASUCCESSOR0000000" })).toBe(false);
    expect(await deletedBy(session)).toBe(false);
  });

  it("INVARIANT: does not pass once one of those who gave the permit has left the group", async () => {
    const { guard, deleted, keys } = await given();
    const left = policyWith(
      [{ id: "ask", when: { key: { usage: "TR31_C0_*" } }, then: "ask", approval: { ...askTwo } }],
      {
        people: {
          ...everybody,
          bob: { ...everybody.bob, groups: [] },
          dave: { ...everybody.dave, groups: ["custodians"] },
        },
      },
    );
    Object.assign(guard, { policy: left });
    expect(await deleted()).not.toContain("permit-used");
    expect(keys.state).toBe("CREATE_COMPLETE");
  });
});

describe("a permit that was given under another rule than the one that decides the key", () => {
  const role = "arn:aws:iam::111122223333:role/ci/deployer";
  const session = { kind: "role-session", account: "111122223333", roleArn: role, roleId } as const;
  const ask = (id: string, usage: string, approval: object) => ({
    ...{ id, when: { key: { usage } }, then: "ask" },
    approval: { from: "custodians", within: "24h", ...approval },
  });
  const policy = policyWith([
    ask("test-keys", "TR31_M3_ISO_9797_3_MAC_KEY", { quorum: 1, permitFor: "30d" }),
    ask("card-keys", "TR31_C0_CARD_VERIFICATION_KEY", { quorum: 2, permitFor: "24h" }),
  ]);

  /** Requested under `rule`, approved by `approvers`, used `usedAfterMs` later by someone in a role's name. */
  async function usedBy(rule: string, approvers: readonly string[], usedAfterMs: number) {
    const keys = createKeyWorld();
    const test = createTestGuard(keys, t0 - usedAfterMs, { policy });
    const stack = { account: "111122223333", region: "us-east-1" };
    const permitDeps: PermitDeps = { cases: test.guard.cases, policy, stack, clock: test.guard.clock };
    const wish = { rule, principal: role, roleId, minWaitingMs: 3 * day };
    await recordPermit(permitDeps, voterOf("dave"), { do: "request", keyArn: arn, wish, reason: "CHG" });
    for (const person of approvers)
      await recordPermit(permitDeps, voterOf(person), { do: "approve", name, reason: "CHG" });
    test.time.now = t0 + 1000;
    const request = deletionRequest({ requester: session });
    await guardDeletion(test.guard, { source: "event", request, deliveries: 1 });
    return [keys.state, test.kinds()[0]?.includes("permit-used")];
  }

  it("lets nothing pass with fewer approvals than the key's own rule asks of an unknown person", async () => {
    expect(await usedBy("test-keys", ["bob", "carol"], hour)).toEqual(["CREATE_COMPLETE", false]);
    expect(await usedBy("card-keys", ["bob", "carol", "alice"], hour)).toEqual(["DELETE_PENDING", true]);
  });

  it("lets nothing pass after the time that the key's own rule gives", async () => {
    expect(await usedBy("card-keys", ["bob", "carol", "alice"], 25 * hour)).toEqual(["CREATE_COMPLETE", false]);
    expect(await usedBy("test-keys", ["bob", "carol"], 25 * hour)).toEqual(["CREATE_COMPLETE", false]);
  });
});

describe("a permit command", () => {
  it("on a key of another account is refused before anything is read", async () => {
    const { permitDeps } = await given();
    const foreign = keyArn().replace("111122223333", "999999999999") as typeof arn;
    const command = {
      do: "request",
      keyArn: foreign,
      wish: { principal: aliceArn, minWaitingMs: 3 * day },
      reason: "x",
    };
    const cases = { ...permitDeps.cases, permits: async () => await Promise.reject(new Error("was read")) };
    expect(await recordPermit({ ...permitDeps, cases }, voterOf("dave"), command as never)).toEqual({
      verdict: { kind: "refused", why: "foreign-key" },
    });
  });

  it("of several people at once counts each of them", async () => {
    const { permitDeps } = await given();
    const wish = { principal: "arn:aws:iam::111122223333:role/ci/x", roleId, person: "dave", minWaitingMs: 3 * day };
    await Promise.all(
      ["alice", "bob", "carol"].map(
        async (person) =>
          await recordPermit(permitDeps, voterOf(person), { do: "request", keyArn: arn, wish, reason: person }),
      ),
    );
    const numbers = (await permitDeps.cases.permits(arn)).map((chain) => foldPlannedPermit(chain)?.number).toSorted();
    expect(numbers).toEqual([1, 2, 3, 4]);
  });

  it("gets CASE_CHANGED from a store that never takes it", async () => {
    const { permitDeps } = await given();
    const cases = { ...permitDeps.cases, savePermit: async () => "conflict" as const };
    const command = { do: "revoke", name, reason: "x" } as const;
    await expect(recordPermit({ ...permitDeps, cases }, voterOf("dave"), command)).rejects.toMatchObject({
      code: "CASE_CHANGED",
    });
  });
});

describe("people are notified of such a permit", () => {
  it("once of each change, in the channel and by mail", async () => {
    const { chain, revoke } = await given();
    const { announcer, mails, slack, world } = createNotifyWorld();
    const aliases = { state: "alias/prod/pin-encryption", since: t0, at: t0 };
    world.labelsSeen = async () => ({ tags: {}, aliases });
    const announce = async () => await announcePermit(announcer, chain, name);
    await announce();
    await announce();
    await revoke();
    await announce();
    expect(mails.map(({ text }) => text.split("\n").length)).toEqual([4, 1]);
    expect(mails[0]?.text).toContain("dave requests a permit (CHG-9): alice (arn:aws:iam::111122223333:user/alice)");
    expect(mails[0]?.text).toContain(
      "is issued, approved by bob and carol: one deletion, until 2024-05-28 18:49:54 UTC",
    );
    expect(mails[0]?.text).toContain("would delete alias/prod/pin-encryption (kwapwa6qaifllw2h) once");
    expect(mails[1]?.text).toBe("dave revoked the permit for alias/prod/pin-encryption (kwapwa6qaifllw2h).");
    expect(slack.posted).toHaveLength(2);
  });

  it("of nothing where there is none", async () => {
    const { announcer, mails } = createNotifyWorld();
    await announcePermit(announcer, async () => undefined, name);
    expect(mails).toEqual([]);
  });
});
