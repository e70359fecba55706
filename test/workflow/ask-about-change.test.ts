import { beforeEach, describe, expect, it } from "vitest";
import type { ChangePermitCommand } from "../../lib/domain/approval/change-permit-command.ts";
import { hourOfChange } from "../../lib/domain/ledger/change-name.ts";
import { changePermitNameFrom, permitOfChange } from "../../lib/domain/ledger/change-permit-name.ts";
import { principalOf } from "../../lib/domain/people/requester.ts";
import type { Voter } from "../../lib/domain/people/vote.ts";
import { recordChangePermit } from "../../lib/workflows/approve/record-change-permit.ts";
import { guardChange } from "../../lib/workflows/change/guard-change.ts";
import { recordMissed } from "../../lib/workflows/change/record-missed.ts";
import { createChangeWorld, otherKey, recordedCall } from "../doubles/change-world.ts";
import { alice, keyArn, reaper, t0 } from "../doubles/key-world.ts";

const hour = 3_600_000;
const minute = 60_000;
const alias = { kind: "alias", alias: "alias/prod/pin" } as const;
const arn = keyArn();
const next = otherKey("next111111111111");
const third = otherKey("third11111111111");
const stack = { account: "111122223333", region: "us-east-1" };
const slack = (userId: string): Voter => ({ via: "slack", userId });
const [bob, carol, aliceVoter] = [slack("U0BOB"), slack("U0CAROL"), slack("U0ALICE")];
const approval = { from: "custodians", quorum: 1, within: "24h", permitFor: "4h" };
const asks = { id: "aliases-are-asked", when: { operation: "alias" }, then: "ask", approval };
const reverts = { id: "aliases-are-undone", when: { operation: "alias" }, then: "revert", approval };
const asked = permitOfChange({ operation: "alias", subject: alias, hour: hourOfChange(t0) });

async function aliasWorld(rule: object = asks) {
  const world = createChangeWorld({ rules: [rule] });
  world.plane.keys.set(next.arn, next);
  world.plane.keys.set(third.arn, third);
  world.plane.aliases.set(alias.alias, arn);
  await world.known.note("alias", alias, arn, t0 - hour);
  /** Alice, or another, points the alias at a key, and the record comes two seconds later. */
  const point = async (to: string, options: Parameters<typeof recordedCall>[2] = {}) => {
    const { at = t0 } = options;
    world.plane.aliases.set(alias.alias, to);
    world.time.now = at + 2_000;
    const parameters = { aliasName: alias.alias, keyArn: to };
    await guardChange(world.deps, recordedCall("UpdateAlias", { parameters }, options), 1);
  };
  const decide = async (voter: Voter, command: ChangePermitCommand) =>
    (
      await recordChangePermit(
        { permits: world.permits, policy: world.deps.policy, stack, clock: () => world.time.now },
        voter,
        command,
      )
    ).verdict;
  const approve = async (voter: Voter, name = asked) => await decide(voter, { do: "approve", name, reason: "CHG-1" });
  const target = () => world.plane.aliases.get(alias.alias);
  const permitKinds = () =>
    [...world.permits.chains.values()].flatMap(({ entries }) => entries.map(({ kind }) => kind));
  return { ...world, point, decide, approve, target, permitKinds };
}

let world: Awaited<ReturnType<typeof aliasWorld>>;
beforeEach(async () => {
  world = await aliasWorld();
});

describe("a change about which a rule asks", () => {
  it("is undone, and people are asked in the same write", async () => {
    await world.point(next.arn);
    expect(world.target()).toBe(arn);
    expect(world.kinds()).toEqual([
      ...["change-detected", "change-judged", "revert-intended", "change-reverted"],
      "change-asked",
    ]);
    expect(world.permitKinds()).toEqual(["change-permit-requested"]);
  });

  it("passes once it was approved, once, by the same principal, to the same key", async () => {
    await world.point(next.arn);
    expect(await world.approve(bob)).toMatchObject({ kind: "issued" });
    await world.point(next.arn, { n: 2, at: t0 + 10 * minute });
    expect(world.target()).toBe(next.arn);
    expect(world.entries().at(-1)).toMatchObject({
      kind: "change-judged",
      outcome: "allow",
      rule: "aliases-are-asked",
    });
    await world.known.note("alias", alias, arn, t0 + 70 * minute);
    await world.point(next.arn, { n: 3, at: t0 + 80 * minute });
    expect(world.target()).toBe(arn);
  });

  it.each([
    ["another key", { to: third.arn }],
    ["another principal", { requester: reaper }],
    ["a call before the approval", { at: t0 + minute, approvedAt: 5 * minute }],
    ["a call after its time", { at: t0 + 6 * hour }],
  ])(
    "does not pass for %s",
    async (_, {
      to = next.arn,
      at = t0 + 2 * hour,
      requester = alice,
      approvedAt = minute,
    }: {
      readonly to?: string;
      readonly at?: number;
      readonly requester?: typeof alice;
      readonly approvedAt?: number;
    }) => {
      await world.point(next.arn);
      world.time.now = t0 + approvedAt;
      expect(await world.approve(bob)).toMatchObject({ kind: "issued" });
      await world.point(to, { n: 2, at, requester });
      const judged = world.entries().filter(({ kind }) => kind === "change-judged");
      expect(judged.at(-1)).toMatchObject({ outcome: "ask" });
      expect(world.permitKinds()).not.toContain("change-permit-used");
    },
  );

  it("is approved by nobody who made it, nor by strangers, nor late", async () => {
    await world.point(next.arn);
    expect(await world.approve(aliceVoter)).toEqual({ kind: "refused", why: "own-permit" });
    expect(await world.approve(slack("U0NOBODY"))).toEqual({ kind: "refused", why: "stranger" });
    world.time.now = t0 + 25 * hour;
    expect(await world.approve(bob)).toEqual({ kind: "refused", why: "too-late" });
  });

  it("takes one more where the requester is not known as a person", async () => {
    await world.point(next.arn, { requester: reaper });
    expect(await world.approve(bob)).toEqual({
      ...{ kind: "approved", approvals: 1, quorum: 2, from: "custodians" },
    });
    expect(await world.approve(bob)).toEqual({ kind: "refused", why: "already-approved" });
    expect(await world.approve(carol)).toMatchObject({ kind: "issued" });
  });

  it("stays undone where one person refuses", async () => {
    await world.point(next.arn);
    expect(await world.decide(bob, { do: "revoke", name: asked, reason: "" })).toEqual({ kind: "revoked" });
    expect(await world.approve(carol)).toEqual({ kind: "refused", why: "revoked-already" });
    await world.point(next.arn, { n: 2, at: t0 + 2 * hour });
    expect(world.target()).toBe(arn);
  });

  it("is asked about once an hour, whatever else is tried in it", async () => {
    await world.point(next.arn);
    await world.point(third.arn, { n: 2, at: t0 + minute });
    expect(world.permitKinds()).toEqual(["change-permit-requested"]);
    expect(world.kinds().filter((kind) => kind === "change-reverted")).toHaveLength(1);
  });

  it("is found as it was asked about after a crash between the question and its record", async () => {
    const { save } = world.book;
    world.book.save = async (change) => {
      const kinds = change.chain.entries.map(({ kind }) => kind);
      if (kinds.includes("change-asked")) throw new Error("crash");
      return await save(change);
    };
    await expect(world.point(next.arn)).rejects.toThrow("crash");
    world.book.save = save;
    await guardChange(
      world.deps,
      recordedCall("UpdateAlias", { parameters: { aliasName: alias.alias, keyArn: next.arn } }),
      2,
    );
    expect(world.kinds().slice(-2)).toEqual(["change-reverted", "change-asked"]);
    expect(world.permitKinds()).toEqual(["change-permit-requested"]);
  });
});

describe("a permit for a change", () => {
  const roleId = alice.kind === "role-session" && alice.roleId !== undefined ? { roleId: alice.roleId } : {};
  const wish = { principal: principalOf(alice), ...roleId, person: "alice", to: next.arn };
  const request = { do: "request", operation: "alias", subject: alias, wish, reason: "CHG-1" } as const;
  const planned = changePermitNameFrom("change#alias#alias/prod/pin#p1");
  if (planned === undefined) throw new Error("no name");

  it.each([asks, reverts])("lets a planned change pass although a rule says $then", async (rule) => {
    world = await aliasWorld(rule);
    world.time.now = t0 - hour;
    expect(await world.decide(bob, request)).toMatchObject({ kind: "requested", name: planned });
    expect(await world.approve(bob, planned)).toEqual({ kind: "refused", why: "own-permit" });
    expect(await world.approve(carol, planned)).toMatchObject({ kind: "issued" });
    await world.point(next.arn);
    expect(world.target()).toBe(next.arn);
    expect(world.permitKinds().at(-1)).toBe("change-permit-used");
  });

  it("lets the same record pass again where the write after its use was lost", async () => {
    world.time.now = t0 - hour;
    await world.decide(bob, request);
    await world.approve(carol, planned);
    const { save } = world.book;
    world.book.save = async () => await Promise.reject(new Error("crash"));
    await expect(world.point(next.arn)).rejects.toThrow("crash");
    world.book.save = save;
    await world.point(next.arn);
    expect(world.target()).toBe(next.arn);
    expect(world.permitKinds().filter((kind) => kind === "change-permit-used")).toHaveLength(1);
  });

  it("is never used by a change that is not on record, also in an hour that is crowded with others", async () => {
    world.time.now = t0 - hour;
    await world.decide(bob, request);
    await world.approve(carol, planned);
    for (let n = 2; n < 20; n++) await world.point(arn, { n, at: t0 + n * 1_000, requester: reaper });
    expect(world.kinds()).toContain("changes-crowded");
    await world.point(next.arn, { n: 30, at: t0 + minute });
    expect(world.target()).toBe(next.arn);
    expect(world.permitKinds().at(-1)).toBe("change-permit-used");
    expect(world.entries().at(-1)).toMatchObject({
      kind: "change-judged",
      outcome: "allow",
      permit: "change#alias#alias/prod/pin#p1",
    });
  });

  it("is kept from undoing where the inventory finds what it may have let pass, and the requester is unknown", async () => {
    world.time.now = t0 - hour;
    await world.decide(bob, request);
    await world.approve(carol, planned);
    world.plane.aliases.set(alias.alias, next.arn);
    world.time.now = t0 + 2_000;
    await recordMissed(world.deps, { aspect: "alias", subject: alias, at: t0 }, 1);
    expect(world.target()).toBe(next.arn);
    expect(world.entries()[1]).toMatchObject({ outcome: "notify", doubt: { rule: "aliases-are-asked" } });
  });

  it("is refused where no rule has people approve", async () => {
    world = await aliasWorld({ id: "undone", when: { operation: "alias" }, then: "revert" });
    expect(await world.decide(bob, request)).toEqual({ kind: "refused", why: "no-such-rule" });
  });

  it("is of the stack's own keys alone", async () => {
    const foreign = otherKey("next111111111111").arn.replace("111122223333", "444455556666");
    const name = changePermitNameFrom(`change#stop#${foreign}#p1`);
    if (name === undefined) throw new Error("no name");
    expect(await world.approve(bob, name)).toEqual({ kind: "refused", why: "foreign-key" });
  });
});
