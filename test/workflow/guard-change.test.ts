import { describe, expect, it } from "vitest";
import { endOf, recordedChanges, worstEnd } from "../../lib/domain/change/recorded-changes.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { append } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { changeLines } from "../../lib/notices/change-text.ts";
import { recordPause } from "../../lib/workflows/approve/record-pause.ts";
import { guardChange } from "../../lib/workflows/change/guard-change.ts";
import type { StoredCase } from "../../lib/workflows/ports/guard.ts";
import { detection, toLeaveDisabled } from "../doubles/case-builder.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { createChangeWorld, denied, otherKey, ownRole, recordedCall, unavailable } from "../doubles/change-world.ts";
import { policyWith } from "../doubles/guard.ts";
import { alice, keyArn, reaper, t0 } from "../doubles/key-world.ts";
import { createMemoryPauseBook } from "../doubles/memory-pause-book.ts";

const hour = 3_600_000;
const voterOf = (name: string) =>
  ({ via: "aws", arn: `arn:aws:iam::111122223333:user/${name}`, userId: `AIDA${name}` }) as const;
const arn = keyArn();
const key = { kind: "key", keyArn: arn } as const;
const stopCall = (options = {}) => recordedCall("StopKeyUsage", { parameters: { keyIdentifier: arn } }, options);
const revertStops = { id: "stops-are-undone", when: { operation: ["stop"] }, then: "revert" };
const emergencies = {
  id: "responders-may-stop",
  when: { operation: ["stop"], requester: { role: [(reaper as { roleArn: string }).roleArn] } },
  then: "notify",
};

async function stoppedWorld(options: Parameters<typeof createChangeWorld>[0] = {}) {
  const world = createChangeWorld(options);
  await world.known.note("usage", key, "enabled", t0 - hour);
  world.plane.stop();
  return world;
}

describe("a key that was stopped", () => {
  it("is started again where a rule reverts, in two calls, after the intent is on record", async () => {
    const world = await stoppedWorld({ rules: [revertStops] });
    await guardChange(world.deps, stopCall(), 1);
    expect(world.plane.calls).toEqual(["GetKey", "StartKeyUsage"]);
    expect(world.kinds()).toEqual(["change-detected", "change-judged", "revert-intended", "change-reverted"]);
    expect(world.plane.keys.get(arn)?.enabled).toBe(true);
    expect(world.notified).toEqual([`change#stop#${arn}#${Math.floor(t0 / hour)}`]);
  });

  it("is read once, also where a rule about deletions decides by its usage who may have it started", async () => {
    const asking = {
      id: "pin-keys-are-asked-about",
      when: { key: { usage: ["TR31_P0_PIN_ENCRYPTION_KEY"] } },
      then: "ask",
      approval: { from: "custodians", quorum: 1, within: "24h" },
    };
    const world = await stoppedWorld({ rules: [asking, revertStops] });
    await guardChange(world.deps, stopCall(), 1);
    expect(world.plane.calls).toEqual(["GetKey", "StartKeyUsage"]);
  });

  it("stays stopped without a rule, and people are alarmed", async () => {
    const world = await stoppedWorld();
    await guardChange(world.deps, stopCall(), 1);
    expect(world.kinds()).toEqual(["change-detected", "change-judged"]);
    expect(world.logged).toEqual(["GRAVE_CHANGE"]);
    expect(world.plane.calls).toEqual([]);
  });

  it("stays stopped where a rule above lets a role stop keys in an emergency", async () => {
    const world = await stoppedWorld({ rules: [emergencies, revertStops] });
    await guardChange(world.deps, stopCall({ requester: reaper }), 1);
    expect(world.plane.keys.get(arn)?.enabled).toBe(false);
    expect(world.entries()[1]).toMatchObject({ outcome: "notify", rule: "responders-may-stop" });
  });

  it("stays stopped where nothing settles whether such a rule matches", async () => {
    const world = await stoppedWorld({ rules: [emergencies, revertStops] });
    await guardChange(world.deps, stopCall({ requester: { kind: "unknown" } }), 1);
    expect(world.plane.keys.get(arn)?.enabled).toBe(false);
    expect(world.entries()[1]).toMatchObject({
      outcome: "notify",
      rule: "none",
      doubt: { rule: "responders-may-stop", condition: "requester.role" },
    });
  });

  it.each([
    [
      "nothing is known of it before",
      async (world: World) => void Object.assign(world.known, { before: async () => undefined }),
      "before-unknown",
    ],
    [
      "it was started since",
      async (world: World) => void world.plane.keys.set(arn, otherKey("kwapwa6qaifllw2h")),
      "same-as-before",
    ],
    ["GetKey is denied", async (world: World) => void world.plane.failing.set("GetKey", denied), "state-unknown"],
    [
      "StartKeyUsage is denied",
      async (world: World) => void world.plane.failing.set("StartKeyUsage", denied),
      "denied",
    ],
    [
      "StartKeyUsage is refused",
      async (world: World) => void world.plane.failing.set("StartKeyUsage", () => ({ error: "ValidationException" })),
      "refused",
    ],
    [
      "it happened the day before yesterday",
      async (world: World) => void Object.assign(world.time, { now: t0 + 48 * hour }),
      "too-old",
    ],
  ])("is left, and that is recorded, where %s", async (_, change, why) => {
    const world = await stoppedWorld({ rules: [revertStops] });
    await change(world);
    await guardChange(world.deps, stopCall(), 1);
    expect(world.entries().at(-1)).toMatchObject({ kind: "revert-left", why, stands: why !== "same-as-before" });
    expect(world.logged.includes("REVERT_LEFT")).toBe(why !== "same-as-before");
  });

  it("is tried again where another change is under way, and left after some hours", async () => {
    const world = await stoppedWorld({ rules: [revertStops] });
    world.plane.failing.set("StartKeyUsage", () => ({ error: "ConflictException" }));
    await expect(guardChange(world.deps, stopCall(), 1)).rejects.toMatchObject({ code: "CONTROL_PLANE_REFUSED" });
    world.plane.failing.clear();
    await guardChange(world.deps, stopCall(), 2);
    expect(world.entries().at(-1)).toMatchObject({ kind: "change-reverted" });
    expect(world.kinds().filter((kind) => kind === "revert-intended")).toHaveLength(1);
  });

  it("is left under observe, without an alarm", async () => {
    const world = await stoppedWorld({ rules: [revertStops], mode: "observe" });
    await guardChange(world.deps, stopCall(), 1);
    expect(world.entries().at(-1)).toMatchObject({ kind: "revert-left", why: "observe" });
    expect(world.plane.keys.get(arn)?.enabled).toBe(false);
  });

  it("is started once an hour: then people decide", async () => {
    const world = await stoppedWorld({ rules: [revertStops] });
    await guardChange(world.deps, stopCall(), 1);
    world.plane.stop();
    world.time.now += 60_000;
    await guardChange(world.deps, stopCall({ n: 2, at: t0 + 60_000 }), 1);
    expect(world.plane.keys.get(arn)?.enabled).toBe(false);
    expect(world.entries().at(-1)).toMatchObject({ kind: "revert-left", why: "reverted-within-the-hour" });
    world.time.now += hour;
    await guardChange(world.deps, stopCall({ n: 3, at: t0 + 60_000 + hour }), 1);
    expect(world.plane.keys.get(arn)?.enabled).toBe(true);
  });

  it("by the stack itself is no reason to act", async () => {
    const world = await stoppedWorld({ rules: [revertStops] });
    const requester = { kind: "role-session", account: "111122223333", roleArn: ownRole } as const;
    await guardChange(world.deps, stopCall({ requester }), 1);
    expect([world.kinds(), world.logged, world.plane.calls]).toEqual([[], ["CHANGE_OVER"], []]);
  });
});

/** A book in which alice and bob have paused the guard at `at` (ms), for two hours. */
async function pausedBook(at: number) {
  const pauses = createMemoryPauseBook();
  const { directory } = policyWith([], { pause: { from: "custodians", atMost: "4h" } });
  const deps = { pauses, directory, terms: { from: "custodians", atMostMs: 4 * hour }, clock: () => at };
  for (const name of ["alice", "bob"])
    await recordPause(deps, voterOf(name), { do: "pause", forMs: 2 * hour, reason: "INC-7" });
  return pauses;
}

describe("a stop that a person who may make it repeats", () => {
  const responders = { rules: [emergencies, revertStops] };

  it("is not undone with the stop before it, whose record comes later", async () => {
    const world = await stoppedWorld(responders);
    world.time.now += 60_000;
    await guardChange(world.deps, stopCall({ n: 2, at: t0 + 10_000, requester: reaper }), 1);
    await guardChange(world.deps, stopCall(), 1);
    expect(world.plane.keys.get(arn)?.enabled).toBe(false);
    expect(world.entries().at(-1)).toMatchObject({ kind: "revert-left", why: "changed-since", stands: true });
  });

  it("is not undone where its own record lies in the next hour", async () => {
    const world = await stoppedWorld(responders);
    const before = Math.ceil(t0 / hour) * hour - 5_000;
    world.time.now = before + 60_000;
    await guardChange(world.deps, stopCall({ n: 2, at: before + 10_000, requester: reaper }), 1);
    await guardChange(world.deps, stopCall({ at: before }), 1);
    expect(world.plane.keys.get(arn)?.enabled).toBe(false);
  });

  it("says nothing about a stop that comes after it", async () => {
    const world = await stoppedWorld(responders);
    world.time.now += 60_000;
    await guardChange(world.deps, stopCall({ n: 2, at: t0 - 10_000, requester: reaper }), 1);
    await world.known.note("usage", key, "enabled", t0 - 5_000);
    await guardChange(world.deps, stopCall(), 1);
    expect(world.plane.keys.get(arn)?.enabled).toBe(true);
  });
});

describe("what a key looked like before a stop", () => {
  const startCall = (n: number, at: number) =>
    recordedCall("StartKeyUsage", { parameters: { keyIdentifier: arn } }, { n, at, requester: reaper });

  it("is what the latest start left: a stop after an allowed stop and start is undone", async () => {
    const world = await stoppedWorld({ rules: [emergencies, revertStops] });
    await guardChange(world.deps, stopCall({ requester: reaper }), 1);
    world.time.now += 600_000;
    await guardChange(world.deps, startCall(2, t0 + 300_000), 1);
    await guardChange(world.deps, stopCall({ n: 3, at: t0 + 600_000 }), 1);
    expect(world.kinds().filter((kind) => kind === "change-reverted")).toHaveLength(1);
    expect(world.plane.keys.get(arn)?.enabled).toBe(true);
  });

  it.each(["paused", "observed"])("is what a stop left that was %s: it is never started later", async (how) => {
    const world = await stoppedWorld({ rules: [revertStops] });
    const pausable = policyWith([revertStops], { pause: { from: "custodians", atMost: "4h" } });
    const lax =
      how === "observed"
        ? { policy: { ...world.deps.policy, mode: "observe" as const } }
        : { policy: pausable, pauses: await pausedBook(t0) };
    await guardChange({ ...world.deps, ...lax }, stopCall(), 1);
    expect(world.entries().at(-1)).toMatchObject({ why: how === "paused" ? "paused" : "observe" });
    world.time.now += 600_000;
    await guardChange(world.deps, stopCall({ n: 2, at: t0 + 600_000 }), 1);
    expect(world.plane.keys.get(arn)?.enabled).toBe(false);
    expect(world.entries().at(-1)).toMatchObject({ kind: "revert-left", why: "same-as-before" });
  });

  const leftAs = (...bodies: readonly EntryBody[]): StoredCase => {
    const chain = bodies.reduce((before, body) => append(before, body, t0 - 600_000), chainBefore(bodies[0]));
    return { chain, failures: 0, published: 0 };
  };
  const leftDisabled = [
    ...([
      detection(),
      toLeaveDisabled,
      { kind: "restore-intended", late: false },
      { kind: "key-restored", enabled: false, how: "answered" },
    ] as const),
    { kind: "key-left-disabled", why: "rule" },
  ] as const;

  it.each([
    ["left disabled by a rule about its deletion", leftDisabled],
    ["restored, and not yet judged", leftDisabled.slice(0, 4)],
    ["restored by a person", [detection(), toLeaveDisabled, { kind: "restored-by-others" }]],
  ] as const)("is not what it was before its deletion: a key that was %s is never started", async (_, bodies) => {
    const newestCase = async () => leftAs(...(bodies as readonly EntryBody[]));
    const world = await stoppedWorld({ rules: [revertStops], overrides: { newestCase } });
    await guardChange(world.deps, stopCall(), 1);
    expect(world.plane.keys.get(arn)?.enabled).toBe(false);
    expect(world.entries().at(-1)).toMatchObject({ kind: "revert-left", why: "before-unknown", stands: true });
  });

  it.each([
    [
      "its case left usable",
      leftAs(detection(), toLeaveDisabled, { kind: "key-usable", how: "answered", despiteRule: false }),
      1,
    ],
    ["people started since", leftAs(...(leftDisabled as readonly EntryBody[])), 2],
  ] as const)("is what was seen of a key that %s: a stop is undone", async (_, stored, n) => {
    const world = await stoppedWorld({ rules: [revertStops], overrides: { newestCase: async () => stored } });
    if (n === 2) await guardChange(world.deps, startCall(n, t0 - 300_000), 1);
    await guardChange(world.deps, stopCall(), 1);
    expect(world.plane.keys.get(arn)?.enabled).toBe(true);
  });

  it("is not known where the case of the key cannot be trusted, and a store that fails is asked again", async () => {
    let code: "CASE_UNREADABLE" | "STORE_UNAVAILABLE" = "STORE_UNAVAILABLE";
    const newestCase = async (): Promise<never> => {
      throw new GuardError(code, "retry", "no case");
    };
    const world = await stoppedWorld({ rules: [revertStops], overrides: { newestCase } });
    await expect(guardChange(world.deps, stopCall(), 1)).rejects.toMatchObject({ code });
    code = "CASE_UNREADABLE";
    await guardChange(world.deps, stopCall(), 2);
    expect(world.entries().at(-1)).toMatchObject({ kind: "revert-left", why: "before-unknown" });
  });

  it("is known although the run of an allowed stop dies right behind its record", async () => {
    const world = await stoppedWorld({ rules: [emergencies, revertStops] });
    const { save } = world.book;
    const dies = async (change: Parameters<typeof save>[0]) => {
      await save(change);
      throw new Error("crash");
    };
    const allowed = stopCall({ requester: reaper });
    const crash = { ...world.deps, book: { ...world.book, save: dies } };
    await expect(guardChange(crash, allowed, 1)).rejects.toThrow("crash");
    await guardChange(world.deps, allowed, 2);
    world.time.now += 600_000;
    await guardChange(world.deps, stopCall({ n: 2, at: t0 + 600_000 }), 1);
    expect(world.plane.keys.get(arn)?.enabled).toBe(false);
  });

  it("is not frozen by a record of a time to come", async () => {
    const world = await stoppedWorld({ rules: [emergencies, revertStops] });
    await guardChange(world.deps, stopCall({ requester: reaper, at: t0 + 9_000 * hour }), 1);
    await world.known.note("usage", key, "enabled", t0 + hour);
    expect(await world.known.before("usage", key, t0 + 2 * hour)).toBe("enabled");
  });
});

type World = Awaited<ReturnType<typeof stoppedWorld>>;

describe("a run that is repeated", () => {
  it("changes nothing once all is recorded", async () => {
    const world = await stoppedWorld({ rules: [revertStops] });
    await guardChange(world.deps, stopCall(), 1);
    const before = world.entries().length;
    world.plane.stop();
    await guardChange(world.deps, stopCall(), 2);
    expect(world.entries()).toHaveLength(before);
    expect(world.plane.keys.get(arn)?.enabled).toBe(false);
    expect(world.notified).toHaveLength(2);
  });

  it.each([1, 2, 3])("goes on after a crash behind write %i of the book", async (writes) => {
    const world = await stoppedWorld({ rules: [revertStops] });
    const { save } = world.book;
    let left: number = writes;
    const crash = {
      ...world.deps,
      book: {
        ...world.book,
        save: async (change: Parameters<typeof save>[0]) => {
          const answer = await save(change);
          left -= 1;
          if (left === 0) throw new Error("crash");
          return answer;
        },
      },
    };
    await expect(guardChange(crash, stopCall(), 1)).rejects.toThrow("crash");
    await guardChange(world.deps, stopCall(), 2);
    expect(world.plane.keys.get(arn)?.enabled).toBe(true);
    expect(world.kinds()).toEqual(["change-detected", "change-judged", "revert-intended", "change-reverted"]);
  });

  it.each([
    ["the same hour", t0, t0 + 20_000],
    ["the hour before", Math.floor(t0 / hour) * hour - 10_000, Math.floor(t0 / hour) * hour + 10_000],
  ])(
    "notifies people of an allowed stop of %s that was undone with a later one, whose record came first",
    async (_, first, second) => {
      const world = createChangeWorld({ rules: [emergencies, revertStops] });
      await world.known.note("usage", key, "enabled", first - hour);
      world.plane.stop();
      world.time.now = second + 30_000;
      await guardChange(world.deps, stopCall({ n: 2, at: second }), 1);
      expect(world.logged).not.toContain("REVERT_LEFT");
      await guardChange(world.deps, stopCall({ at: first, requester: reaper }), 1);
      expect(world.entries().at(-1)).toMatchObject({ kind: "revert-left", why: "overtaken", stands: true });
      expect(world.logged).toContain("REVERT_LEFT");
      const chain = [...world.book.chains.values()].at(-1);
      const lines = chain === undefined ? [] : changeLines(chain, "The key");
      expect(lines.at(-1)).toContain("UNDONE WITH A LATER CHANGE");
      expect(chain && worstEnd(recordedChanges(chain))).toBe("left");
    },
  );

  it("records that the change stands where the policy that is deployed before the revert began no longer reverts", async () => {
    const world = await stoppedWorld({ rules: [revertStops] });
    const claims = { claim: async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down")) };
    await expect(guardChange({ ...world.deps, claims }, stopCall(), 1)).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
    });
    await guardChange({ ...world.deps, policy: policyWith([]) }, stopCall(), 2);
    expect(world.kinds()).toEqual(["change-detected", "change-judged", "revert-left"]);
    expect(world.entries().at(-1)).toMatchObject({ why: "rule-changed", stands: true });
    expect(world.logged).toContain("REVERT_LEFT");
    const [chain] = world.book.chains.values();
    expect(chain && recordedChanges(chain).map(endOf)).toEqual(["left"]);
  });

  it("knows what it undid although the write of that state failed at first and the inventory saw the stop meanwhile", async () => {
    const world = await stoppedWorld({ rules: [revertStops] });
    await world.known.note("usage", key, "stopped", t0 + 1_000);
    const { note } = world.known;
    Object.assign(world.known, {
      note: async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "")),
    });
    await expect(guardChange(world.deps, stopCall(), 1)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    Object.assign(world.known, { note });
    await guardChange(world.deps, stopCall(), 2);
    expect(world.entries().at(-1)).toMatchObject({ kind: "change-reverted" });
    expect(await world.known.last("usage", key)).toMatchObject({ state: "enabled" });
  });

  it("is finished although another stop came and was left meanwhile: each end belongs to its own change", async () => {
    const world = await stoppedWorld({ rules: [revertStops] });
    world.plane.failing.set("StartKeyUsage", unavailable);
    await expect(guardChange(world.deps, stopCall(), 1)).rejects.toMatchObject({ code: "CONTROL_PLANE_UNAVAILABLE" });
    world.plane.failing.clear();
    await guardChange(world.deps, stopCall({ n: 2, at: t0 + 1_000 }), 1);
    expect(world.plane.keys.get(arn)?.enabled).toBe(false);
    await guardChange(world.deps, stopCall(), 2);
    expect(world.plane.keys.get(arn)?.enabled).toBe(true);
    const [chain] = world.book.chains.values();
    expect(chain && recordedChanges(chain).map(endOf)).toEqual(["reverted", "left"]);
  });

  it("tries a control plane that does not answer again, and notifies people at the third time", async () => {
    const world = await stoppedWorld({ rules: [revertStops] });
    world.plane.failing.set("GetKey", unavailable);
    for (const deliveries of [1, 2])
      await expect(guardChange(world.deps, stopCall(), deliveries)).rejects.toMatchObject({
        code: "CONTROL_PLANE_UNAVAILABLE",
      });
    await guardChange(world.deps, stopCall(), 3);
    expect(world.entries().at(-1)).toMatchObject({ kind: "revert-left", why: "state-unknown" });
  });
});

describe("an alias", () => {
  const named = { kind: "alias", alias: "alias/prod/cvk" } as const;
  const [from, alike, terminal] = [
    otherKey("kwapwa6qaifllw2h"),
    otherKey("kwapwa6qaifllw2i"),
    otherKey("kwapwa6qaifllw2j", { usage: "TR31_P0_PIN_ENCRYPTION_KEY" }),
  ];
  const rotations = { id: "rotations", when: { operation: ["alias"], change: { alike: ["true"] } }, then: "allow" };
  const reverts = { id: "aliases-are-pointed-back", when: { operation: ["alias"] }, then: "revert" };

  async function aliasWorld(target: string | undefined) {
    const world = createChangeWorld({ rules: [rotations, reverts] });
    for (const each of [from, alike, terminal]) world.plane.keys.set(each.arn, each);
    await world.known.note("alias", named, from.arn, t0 - hour);
    if (target !== undefined) world.plane.aliases.set(named.alias, target);
    return world;
  }
  const update = (target: string) =>
    recordedCall("UpdateAlias", { parameters: { aliasName: named.alias, keyArn: target } });

  it("that is rotated to a key that does the same work is never fought", async () => {
    const world = await aliasWorld(alike.arn);
    await guardChange(world.deps, update(alike.arn), 1);
    expect(world.plane.aliases.get(named.alias)).toBe(alike.arn);
    expect(world.entries()[1]).toMatchObject({ outcome: "allow", rule: "rotations" });
  });

  it("that is pointed at a key of another usage is pointed back", async () => {
    const world = await aliasWorld(terminal.arn);
    await guardChange(world.deps, update(terminal.arn), 1);
    expect(world.plane.aliases.get(named.alias)).toBe(from.arn);
    expect(world.entries().at(-1)).toMatchObject({ kind: "change-reverted" });
  });

  it("is left where nothing shows the key that it points at now: it may be a rotation", async () => {
    const world = await aliasWorld(alike.arn);
    world.plane.keys.delete(alike.arn);
    await guardChange(world.deps, update(alike.arn), 1);
    expect(world.plane.aliases.get(named.alias)).toBe(alike.arn);
    const doubt = { rule: "rotations", condition: "change.alike" };
    expect(world.entries()[1]).toMatchObject({ outcome: "notify", rule: "none", weight: "grave", doubt });
  });

  it("that is deleted is created again", async () => {
    const world = await aliasWorld(undefined);
    await guardChange(world.deps, recordedCall("DeleteAlias", { parameters: { aliasName: named.alias } }), 1);
    expect(world.plane.aliases.get(named.alias)).toBe(from.arn);
    expect(world.plane.calls).toContain("CreateAlias");
  });

  it.each([
    ["was stopped", (world: World) => world.plane.keys.set(from.arn, { ...from, enabled: false })],
    ["is not shown", (world: World) => world.plane.keys.delete(from.arn)],
  ])("is not pointed back at a key that %s", async (_, harm) => {
    const world = await aliasWorld(terminal.arn);
    harm(world);
    await guardChange(world.deps, update(terminal.arn), 1);
    expect(world.plane.aliases.get(named.alias)).toBe(terminal.arn);
    expect(world.entries().some((entry) => entry.kind === "revert-intended")).toBe(false);
  });

  it("is not pointed back at a key that is about to die, which is on record", async () => {
    const world = await aliasWorld(undefined);
    world.plane.keys.set(from.arn, { ...from, enabled: false });
    await guardChange(world.deps, recordedCall("DeleteAlias", { parameters: { aliasName: named.alias } }), 1);
    expect(world.plane.calls).not.toContain("CreateAlias");
    expect(world.entries().at(-1)).toMatchObject({ kind: "revert-left", why: "before-unusable", stands: true });
  });

  it("that was pointed elsewhere meanwhile is left to people", async () => {
    const world = await aliasWorld(alike.arn);
    await guardChange(world.deps, update(terminal.arn), 1);
    expect(world.plane.aliases.get(named.alias)).toBe(alike.arn);
    expect(world.entries().at(-1)).toMatchObject({ kind: "revert-left", why: "changed-since" });
  });
});

describe("two calls of one second, which is all that their records tell", () => {
  it("lead back to no state: the first may be an allowed rotation", async () => {
    const named = { kind: "alias", alias: "alias/prod/cvk" } as const;
    const keys = ["h", "i", "j"].map((end) => otherKey(`kwapwa6qaifllw2${end}`));
    const [from, to, wrong] = keys.map((each) => each.arn);
    const rotators = { role: [(reaper as { roleArn: string }).roleArn] };
    const world = createChangeWorld({
      rules: [
        { id: "rotations", when: { operation: ["alias"], requester: rotators }, then: "allow" },
        { id: "aliases-are-pointed-back", when: { operation: ["alias"] }, then: "revert" },
      ],
    });
    for (const each of keys) world.plane.keys.set(each.arn, each);
    await world.known.note("alias", named, from ?? "", t0 - hour);
    const update = (n: number, target = "", requester = alice) =>
      recordedCall("UpdateAlias", { parameters: { aliasName: named.alias, keyArn: target } }, { n, requester });
    world.plane.aliases.set(named.alias, wrong ?? "");
    await guardChange(world.deps, update(1, to, reaper), 1);
    await guardChange(world.deps, update(2, wrong), 1);
    expect(world.entries().at(-1)).toMatchObject({ kind: "revert-left", why: "before-unknown", stands: true });
    expect(world.plane.aliases.get(named.alias)).toBe(wrong);
  });

  it("never make up a state: tags set and removed in one second are those of the next reading", async () => {
    const world = createChangeWorld();
    await world.known.note("tags", key, { Old: "1" }, t0 - hour);
    const set = { resourceArn: arn, tags: [{ key: "New", value: "2" }] };
    await guardChange(world.deps, recordedCall("TagResource", { parameters: set }), 1);
    const gone = { resourceArn: arn, tagKeys: ["Old"] };
    await guardChange(world.deps, recordedCall("UntagResource", { parameters: gone }, { n: 2 }), 1);
    expect(await world.known.last("tags", key)).toMatchObject({ state: { New: "2", Old: "1" } });
    expect(world.entries().at(-2)).not.toHaveProperty("after");
  });
});

describe("a resource policy", () => {
  const text = (action: string, account = "444455556666") =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: `payment-cryptography:${action}`,
          Resource: "*",
        },
      ],
    });
  const reverts = {
    id: "no-management",
    when: { operation: ["resource-policy"], change: { manages: ["true"] } },
    then: "revert",
  };
  const put = (policy: string | undefined) =>
    recordedCall("PutResourcePolicy", { parameters: { resourceArn: arn, ...(policy !== undefined && { policy }) } });

  it("that lets another account delete the key is put back", async () => {
    const world = createChangeWorld({ rules: [reverts] });
    await world.known.note("resource-policy", key, JSON.parse(text("DecryptData")), t0 - hour);
    world.plane.policies.set(arn, text("*"));
    await guardChange(world.deps, put(text("*")), 1);
    expect(JSON.parse(world.plane.policies.get(arn) ?? "")).toEqual(JSON.parse(text("DecryptData")));
  });

  it("of which CloudTrail hides the text alarms people, and nothing is done", async () => {
    const world = createChangeWorld({ rules: [reverts] });
    await world.known.note("resource-policy", key, "none", t0 - hour);
    world.plane.policies.set(arn, text("*"));
    await guardChange(world.deps, put(undefined), 1);
    expect(world.entries()[1]).toMatchObject({ outcome: "notify", doubt: { rule: "no-management" }, weight: "grave" });
    expect(world.plane.policies.get(arn)).toBe(text("*"));
  });

  it("that grants a partner the use of the key is recorded, and nobody is notified", async () => {
    const world = createChangeWorld({ rules: [reverts] });
    await guardChange(world.deps, put(text("DecryptData")), 1);
    expect(world.entries()[1]).toMatchObject({ outcome: "allow", rule: "none", weight: "routine" });
  });
});

describe("tags and replicas", () => {
  /** A tag was set to another value and one was added, in one call; `ofAws` is there all the time. */
  async function retagged(ofAws: Readonly<Record<string, string>> = {}) {
    const world = createChangeWorld({ rules: [{ id: "tags", when: { operation: ["labels"] }, then: "revert" }] });
    await world.known.note("tags", key, { Environment: "prod" }, t0 - hour);
    world.plane.tags.set(arn, { Environment: "test", New: "x", ...ofAws });
    const tags = [
      { key: "Environment", value: "test" },
      { key: "New", value: "x" },
    ];
    return { world, change: recordedCall("TagResource", { parameters: { resourceArn: arn, tags } }) };
  }

  it("are set back as they were, and tags that were added are removed", async () => {
    const world = createChangeWorld({ rules: [{ id: "tags", when: { operation: ["labels"] }, then: "revert" }] });
    await world.known.note("tags", key, { Environment: "prod", Team: "cards" }, t0 - hour);
    world.plane.tags.set(arn, { Environment: "test", Team: "cards", New: "x" });
    const tags = [
      { key: "Environment", value: "test" },
      { key: "New", value: "x" },
    ];
    await guardChange(world.deps, recordedCall("TagResource", { parameters: { resourceArn: arn, tags } }), 1);
    expect(world.plane.tags.get(arn)).toEqual({ Environment: "prod", Team: "cards" });
  });

  it("are set back by the next run where the second of two calls was throttled", async () => {
    const { world, change } = await retagged();
    world.plane.failing.set("UntagResource", unavailable);
    await expect(guardChange(world.deps, change, 1)).rejects.toMatchObject({ code: "CONTROL_PLANE_UNAVAILABLE" });
    expect(world.plane.tags.get(arn)).toEqual({ Environment: "prod", New: "x" });
    world.plane.failing.clear();
    await guardChange(world.deps, change, 2);
    expect(world.plane.tags.get(arn)).toEqual({ Environment: "prod" });
    expect(world.entries().at(-1)).toMatchObject({ kind: "change-reverted" });
  });

  it("that someone else left in the same state are not ours to touch: no run of ours began", async () => {
    const { world, change } = await retagged();
    world.plane.tags.set(arn, { Environment: "prod", New: "x" });
    await guardChange(world.deps, change, 1);
    expect(world.entries().at(-1)).toMatchObject({ kind: "revert-left", why: "changed-since" });
  });

  it("are left, with an alarm, where the policy that is deployed meanwhile no longer reverts", async () => {
    const { world, change } = await retagged();
    world.plane.failing.set("UntagResource", unavailable);
    await expect(guardChange(world.deps, change, 1)).rejects.toMatchObject({ code: "CONTROL_PLANE_UNAVAILABLE" });
    world.plane.failing.clear();
    await guardChange({ ...world.deps, policy: policyWith([]) }, change, 2);
    expect(world.entries().at(-1)).toMatchObject({ kind: "revert-left", why: "rule-changed", stands: true });
    expect(world.logged).toContain("REVERT_LEFT");
  });

  it("that AWS itself set are no state of ours: nobody could set them back", async () => {
    const { world, change } = await retagged({ "aws:cloudformation:stack-name": "keys" });
    await guardChange(world.deps, change, 1);
    expect(world.entries().at(-1)).toMatchObject({ kind: "change-reverted" });
  });

  it("of a Region that was removed are added again", async () => {
    const world = createChangeWorld({
      rules: [{ id: "replicas", when: { operation: ["replication"] }, then: "revert" }],
    });
    await world.known.note("replication", key, ["eu-west-1", "us-west-2"], t0 - hour);
    world.plane.replicas.set(arn, ["eu-west-1"]);
    const parameters = { keyIdentifier: arn, replicationRegions: ["us-west-2"] };
    await guardChange(world.deps, recordedCall("RemoveKeyReplicationRegions", { parameters }), 1);
    expect(world.plane.replicas.get(arn)).toEqual(["eu-west-1", "us-west-2"]);
  });
});

describe("someone who changes the same again and again", () => {
  it("fills no chain: an hour has twelve changes on record, one revert, and a word on the rest", async () => {
    const world = createChangeWorld({ rules: [{ id: "tags", when: { operation: ["labels"] }, then: "revert" }] });
    await world.known.note("tags", key, {}, t0 - hour);
    for (let n = 1; n <= 60; n += 1) {
      world.plane.tags.set(arn, { Owner: String(n) });
      const parameters = { resourceArn: arn, tags: [{ key: "Owner", value: String(n) }] };
      await guardChange(
        world.deps,
        recordedCall("TagResource", { parameters }, { n, at: t0 + n * 1_000, requester: alice }),
        1,
      );
    }
    const kinds = world.kinds();
    expect(kinds.filter((kind) => kind === "change-detected")).toHaveLength(12);
    expect(kinds.filter((kind) => kind === "revert-intended")).toHaveLength(1);
    expect(kinds.filter((kind) => kind === "changes-crowded")).toHaveLength(1);
    expect(new Set(world.notified).size).toBe(1);
    expect(JSON.stringify(world.entries()).length).toBeLessThan(150_000);
  });

  it("hides no grave change behind harmless ones", async () => {
    const { from, terminal, named } = {
      from: otherKey("kwapwa6qaifllw2h"),
      terminal: otherKey("kwapwa6qaifllw2j", { usage: "TR31_P0_PIN_ENCRYPTION_KEY" }),
      named: { kind: "alias", alias: "alias/prod/cvk" } as const,
    };
    const world = createChangeWorld({ rules: [{ id: "back", when: { operation: ["alias"] }, then: "revert" }] });
    for (const each of [from, terminal]) world.plane.keys.set(each.arn, each);
    await world.known.note("alias", named, from.arn, t0 - hour);
    world.plane.aliases.set(named.alias, from.arn);
    const update = (target: string, n: number) =>
      recordedCall("UpdateAlias", { parameters: { aliasName: named.alias, keyArn: target } }, { n, at: t0 + n });
    for (let n = 1; n <= 30; n += 1) await guardChange(world.deps, update(from.arn, n), 1);
    world.plane.aliases.set(named.alias, terminal.arn);
    await guardChange(world.deps, update(terminal.arn, 31), 1);
    expect(world.plane.aliases.get(named.alias)).toBe(from.arn);
  });
});
