import { describe, expect, it } from "vitest";
import { guardChange } from "../../lib/workflows/change/guard-change.ts";
import { recordMissed } from "../../lib/workflows/change/record-missed.ts";
import { createChangeWorld, denied, otherKey, recordedCall, unavailable } from "../doubles/change-world.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";

const hour = 3_600_000;
const arn = keyArn();
const key = { kind: "key", keyArn: arn } as const;
const seenAt = t0 + 1_000;
const missedStop = { aspect: "usage", subject: key, at: seenAt } as const;
const revertStops = { id: "stops-are-undone", when: { operation: ["stop"] }, then: "revert" };
const revertTags = { id: "tags-are-undone", when: { operation: ["labels"] }, then: "revert" };

/** The key was enabled a day ago, and is stopped now. */
async function stoppedWorld(options: Parameters<typeof createChangeWorld>[0] = {}) {
  const world = createChangeWorld(options);
  await world.known.note("usage", key, "enabled", t0 - 23 * hour);
  world.plane.stop();
  return world;
}

describe("a change of which no event told", () => {
  it("is recorded by the inventory, without a call and a requester, counted, and people are notified", async () => {
    const world = await stoppedWorld();
    await recordMissed(world.deps, missedStop, 1);
    const [detected, judged] = world.entries();
    expect(detected).toMatchObject({ source: "inventory", operation: "stop", subject: arn, changedAt: seenAt });
    expect(detected).toMatchObject({ before: { text: '"enabled"' }, after: { text: '"stopped"' } });
    expect([detected, detected].map((entry) => [entry && "call" in entry, entry && "requester" in entry])).toEqual([
      [false, false],
      [false, false],
    ]);
    expect(judged).toMatchObject({ outcome: "notify", rule: "none", weight: "grave" });
    expect(world.logged).toEqual(["EVENT_MISSED", "GRAVE_CHANGE"]);
    expect(world.notified).toEqual([`change#stop#${arn}#${Math.floor(t0 / hour)}`]);
    expect(await world.known.last("usage", key)).toMatchObject({ state: "stopped" });
  });

  it("is undone where a rule says so for every requester", async () => {
    const world = await stoppedWorld({ rules: [revertStops] });
    await recordMissed(world.deps, missedStop, 1);
    expect(world.kinds()).toEqual(["change-detected", "change-judged", "revert-intended", "change-reverted"]);
    expect(world.plane.keys.get(arn)?.enabled).toBe(true);
    expect(await world.known.last("usage", key)).toMatchObject({ state: "enabled" });
  });

  it("is not undone where a rule depends on who it was", async () => {
    const when = { operation: ["stop"], requester: { role: ["arn:aws:iam::111122223333:role/responder"] } };
    const world = await stoppedWorld({ rules: [{ id: "responders", when, then: "allow" }, revertStops] });
    await recordMissed(world.deps, missedStop, 1);
    expect(world.plane.keys.get(arn)?.enabled).toBe(false);
    expect(world.entries()[1]).toMatchObject({ outcome: "notify", doubt: { rule: "responders" } });
  });

  it.each([
    ["a start", "usage", key, "stopped", "start"],
    ["an alias that was pointed elsewhere", "alias", { kind: "alias", alias: "alias/pin" } as const, arn, "alias"],
    ["an alias that is gone", "alias", { kind: "alias", alias: "alias/gone" } as const, arn, "alias"],
    ["tags", "tags", key, { Environment: "test" }, "labels"],
    ["a resource policy", "resource-policy", key, { Statement: [] }, "resource-policy"],
    ["replicas", "replication", key, ["eu-west-1"], "replication"],
  ] as const)("is known by its states: %s", async (_, aspect, subject, before, operation) => {
    const world = createChangeWorld();
    world.plane.aliases.set("alias/pin", otherKey("kwapwa6qaifllw2i").arn);
    await world.known.note(aspect, subject, before, t0 - hour);
    await recordMissed(world.deps, { aspect, subject, at: seenAt }, 1);
    expect(world.entries()[0]).toMatchObject({ kind: "change-detected", operation, source: "inventory" });
  });
});

describe("nothing is recorded", () => {
  const nothing = (world: Awaited<ReturnType<typeof stoppedWorld>>) =>
    expect([world.kinds(), world.notified]).toEqual([[], []]);

  it("of a first sighting, which is kept", async () => {
    const world = createChangeWorld();
    world.plane.stop();
    await recordMissed(world.deps, missedStop, 1);
    nothing(world);
    expect(await world.known.last("usage", key)).toMatchObject({ state: "stopped" });
  });

  it("where the control plane shows what it showed before", async () => {
    const world = await stoppedWorld();
    world.plane.keys.set(arn, otherKey("kwapwa6qaifllw2h"));
    await recordMissed(world.deps, missedStop, 1);
    nothing(world);
  });

  it("of an aspect that no operation has, and nothing is looked up", async () => {
    const world = await stoppedWorld();
    await recordMissed(world.deps, { ...missedStop, aspect: "color" }, 1);
    nothing(world);
    expect(world.plane.calls).toEqual([]);
  });

  it("of a key that may not be looked at, or is gone", async () => {
    const world = await stoppedWorld();
    world.plane.failing.set("GetKey", denied);
    await recordMissed(world.deps, missedStop, 1);
    world.plane.failing.set("GetKey", () => ({ error: "ResourceNotFoundException" }));
    await recordMissed(world.deps, missedStop, 1);
    nothing(world);
    expect(world.logged).toEqual(["STATE_UNREADABLE", "CHANGE_OVER", "CHANGE_OVER"]);
  });

  it("of what an event has told since the key was last seen, also where people left it as it is", async () => {
    const world = await stoppedWorld({ rules: [revertStops], mode: "observe" });
    const parameters = { keyIdentifier: arn };
    await guardChange(world.deps, recordedCall("StopKeyUsage", { parameters }, { at: t0 - 20 * hour }), 1);
    const before = world.kinds();
    expect(before.at(-1)).toBe("revert-left");
    await recordMissed(world.deps, missedStop, 1);
    expect(world.kinds()).toEqual(before);
    expect(world.notified).toHaveLength(1);
    expect(await world.known.last("usage", key)).toMatchObject({ state: "stopped" });
  });

  it("of what an event has told, and what a rule wants undone and nobody could undo", async () => {
    const world = await stoppedWorld({ rules: [revertStops] });
    world.plane.failing.set("StartKeyUsage", denied);
    const parameters = { keyIdentifier: arn };
    await guardChange(world.deps, recordedCall("StopKeyUsage", { parameters }, { at: t0 - 20 * hour }), 1);
    const before = world.kinds();
    expect(before.at(-1)).toBe("revert-left");
    expect(await world.known.last("usage", key)).toMatchObject({ state: "enabled" });
    await recordMissed(world.deps, missedStop, 1);
    expect(world.kinds()).toEqual(before);
    expect(await world.known.last("usage", key)).toMatchObject({ state: "stopped" });
  });

  it("of our own revert", async () => {
    const world = await stoppedWorld({ rules: [revertStops] });
    const call = recordedCall("StopKeyUsage", { parameters: { keyIdentifier: arn } });
    await guardChange(world.deps, call, 1);
    const before = world.kinds();
    await recordMissed(world.deps, { ...missedStop, at: t0 + 30_000 }, 1);
    expect(world.kinds()).toEqual(before);
  });
});

describe("a change that an event told only in part", () => {
  it("is recorded: the tags that it left are not those that are there", async () => {
    const world = createChangeWorld();
    await world.known.note("tags", key, {}, t0 - 23 * hour);
    const tags = [{ key: "Team", value: "a" }];
    world.plane.tags.set(arn, { Team: "a" });
    const parameters = { resourceArn: arn, tags };
    await guardChange(world.deps, recordedCall("TagResource", { parameters }, { at: t0 - 2 * hour }), 1);
    world.plane.tags.set(arn, { Team: "b" });
    world.time.now = t0 + hour;
    await recordMissed(world.deps, { aspect: "tags", subject: key, at: t0 + hour }, 1);
    expect(world.entries().at(-2)).toMatchObject({ source: "inventory", after: { text: '{"Team":"b"}' } });
  });
});

describe("a report that is repeated", () => {
  it("records and notifies once, and undoes once an hour", async () => {
    const world = createChangeWorld({ rules: [revertTags] });
    await world.known.note("tags", key, { Environment: "prod" }, t0 - hour);
    world.plane.tags.set(arn, { Environment: "test" });
    const missed = { aspect: "tags", subject: key, at: seenAt } as const;
    await recordMissed(world.deps, missed, 1);
    await recordMissed(world.deps, missed, 1);
    await recordMissed(world.deps, { ...missed, at: seenAt + 500 }, 1);
    expect(world.plane.calls.filter((call) => call === "TagResource")).toHaveLength(1);
    expect(world.kinds().filter((kind) => kind === "change-detected")).toHaveLength(1);
    world.plane.tags.set(arn, { Environment: "test" });
    world.time.now += 60_000;
    await recordMissed(world.deps, { ...missed, at: world.time.now - 1 }, 1);
    expect(world.plane.tags.get(arn)).toEqual({ Environment: "test" });
    expect(world.entries().at(-1)).toMatchObject({ kind: "revert-left", why: "reverted-within-the-hour" });
    // People have it now: the next day is no new change.
    world.time.now += 24 * hour;
    const before = world.kinds();
    await recordMissed(world.deps, { ...missed, at: world.time.now - 1 }, 1);
    expect(world.kinds()).toEqual(before);
  });

  it.each([1, 2, 3])("goes on after a crash behind write %i of the book, and notifies", async (writes) => {
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
    await expect(recordMissed(crash, missedStop, 1)).rejects.toThrow("crash");
    await recordMissed(world.deps, missedStop, 2);
    expect(world.plane.keys.get(arn)?.enabled).toBe(true);
    expect(world.kinds()).toEqual(["change-detected", "change-judged", "revert-intended", "change-reverted"]);
    expect(world.notified).toHaveLength(1);
  });

  it("records what it undid after a crash between the call and its record", async () => {
    const world = await stoppedWorld({ rules: [revertStops] });
    const { save } = world.book;
    let writes = 0;
    const dying = async (change: Parameters<typeof save>[0]) => {
      writes += 1;
      if (writes === 3) throw new Error("crash");
      return await save(change);
    };
    const crash = { ...world.deps, book: { ...world.book, save: dying } };
    await expect(recordMissed(crash, missedStop, 1)).rejects.toThrow("crash");
    expect(world.plane.keys.get(arn)?.enabled).toBe(true);
    await recordMissed(world.deps, missedStop, 2);
    expect(world.entries().at(-1)).toMatchObject({ kind: "change-reverted", how: "found" });
    expect(world.plane.calls.filter((call) => call === "StartKeyUsage")).toHaveLength(1);
    expect(world.notified).toHaveLength(1);
  });

  it("notifies after a crash behind the record of a change that stands", async () => {
    const world = await stoppedWorld();
    const notify = async () => await Promise.reject(new Error("crash"));
    await expect(recordMissed({ ...world.deps, notify }, missedStop, 1)).rejects.toThrow("crash");
    await recordMissed(world.deps, missedStop, 2);
    expect(world.kinds()).toEqual(["change-detected", "change-judged"]);
    expect(world.notified).toHaveLength(1);
  });

  it("tries a control plane that does not answer again, and records nothing without a look", async () => {
    const world = await stoppedWorld({ rules: [revertStops] });
    world.plane.failing.set("GetKey", unavailable);
    for (const deliveries of [1, 2])
      await expect(recordMissed(world.deps, missedStop, deliveries)).rejects.toMatchObject({
        code: "CONTROL_PLANE_UNAVAILABLE",
      });
    await recordMissed(world.deps, missedStop, 3);
    expect(world.kinds()).toEqual([]);
  });
});
