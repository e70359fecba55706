import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { allowReaper, policyWith } from "../doubles/guard.ts";
import { createKeyRing } from "../doubles/key-ring.ts";
import { deletionRequest, type KeyWorld, t0 } from "../doubles/key-world.ts";
import { mostWithin } from "../doubles/most-within.ts";
import { sweepsOver } from "../doubles/paced-sweep.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const byTag = policyWith([{ ...allowReaper, when: { ...allowReaper.when, key: { tags: { Environment: "test" } } } }]);

function sweptAccount(count: number, options: Parameters<typeof sweepsOver>[1] = {}) {
  const ring = createKeyRing(count, () => false, { tagsOfKey: { Environment: "prod" } });
  const arns = [...ring.worlds.keys()].sort() as [KeyArn, KeyArn, KeyArn];
  const worldOf = (arn: KeyArn) => ring.worlds.get(arn) as KeyWorld;
  for (const [n, arn] of arns.entries()) worldOf(arn).aliasesOfKey = [`alias/prod/${n}`];
  const sweeps = sweepsOver(ring, options);
  sweeps.time.now = t0 + day;
  const until = async (end: number) => {
    while (sweeps.time.now < end) await sweeps.tick();
  };
  const last = async (aspect: string, subject: KeyArn | string) =>
    await sweeps.states.known.last(
      aspect,
      subject.startsWith("alias/") ? { kind: "alias", alias: subject } : { kind: "key", keyArn: subject as KeyArn },
    );
  return { ...sweeps, ring, arns, worldOf, until, last };
}

describe("the sweeps of a day", () => {
  it("read every state of 2,000 keys whose tags the policy reads too, at 25 calls in 5 minutes besides the inventory", async () => {
    const { ring, arns, until, last, at, states, labels, time, logged } = sweptAccount(2_000, {
      guard: { policy: byTag },
    });
    const began = time.now;
    await until(began + 23 * hour);
    for (const arn of arns) {
      expect((await last("tags", arn))?.state).toEqual({ Environment: "prod" });
      expect((await last("resource-policy", arn))?.state).toBe("none");
    }
    expect((await last("alias", "alias/prod/1999"))?.state).toBe(arns[1999 as 0]);
    // What labels have read is not read again.
    const tags = [...ring.looks, ...ring.calls].filter((call) => call === "ListTagsForResource").length;
    expect(tags).toBe(2_000);
    expect(ring.looks.filter((call) => call === "GetKey")).toHaveLength(2_000);
    const lists = ring.calls.filter((call) => call.startsWith("List") && call !== "ListTagsForResource").length;
    expect(at.length).toBeLessThanOrEqual(6_000 + lists);
    // After the inventory of the first sweep: a list of what is pending, and the share.
    expect(
      mostWithin(
        5 * minute - 1,
        at.filter((time) => time > began + 5 * minute),
      ),
    ).toBeLessThanOrEqual(26);
    expect(states.missed).toEqual([]);
    expect(logged.filter(({ code }) => code !== "SWEEP_FINISHED")).toEqual([]);
    expect(labels.stored.size).toBeGreaterThan(0);
  });

  it("restore keys first: with tasks left, no state is read", async () => {
    const { until, ring, worldOf, arns, tick, time } = sweptAccount(300);
    await until(time.now + 10 * minute);
    for (const arn of arns) worldOf(arn).state = "DELETE_PENDING";
    const before = ring.looks.length;
    for (let [left, n] = [1, 0]; left > 0 && n < 50; n++) {
      ({ left } = await tick());
      if (left > 0) expect(ring.looks).toHaveLength(before);
    }
    await tick();
    expect(ring.looks.length).toBeGreaterThan(before);
  });
});

describe("an inventory", () => {
  it("keeps the target of every alias, and reports one that points elsewhere, at nothing, or is gone", async () => {
    const { until, ring, states, time, last, arns } = sweptAccount(3);
    const [one, two] = arns;
    const { allAliases } = ring;
    const listed = (rows: Readonly<Record<string, string | undefined>>) => {
      ring.allAliases = async () =>
        Object.entries(rows).map(([alias, target]) => ({ alias, ...(target !== undefined && { target }) }));
    };
    expect(await allAliases()).toHaveLength(3);
    const began = time.now;
    await until(began + 5 * minute);
    expect((await last("alias", "alias/prod/0"))?.state).toBe(one);
    listed({ "alias/prod/0": two, "alias/prod/2": undefined, "alias/idle": undefined, "not an alias": one });
    states.missed.splice(0);
    await until(began + day);
    expect(states.missed.map(({ aspect, subject }) => [aspect, "alias" in subject && subject.alias])).toEqual([
      ["alias", "alias/prod/0"],
      ["alias", "alias/prod/2"],
      ["alias", "alias/prod/1"],
    ]);
    expect(await last("alias", "alias/idle")).toMatchObject({ state: null });
  });

  it("keeps and reports nothing of aliases that cannot be listed", async () => {
    const { until, ring, states, time, last, arns } = sweptAccount(3);
    const began = time.now;
    await until(began + 5 * minute);
    ring.allAliases = async () => await Promise.reject(new GuardError("ACCESS_DENIED", "retry", "no"));
    await until(began + day);
    expect(states.missed).toEqual([]);
    expect(await last("alias", "alias/prod/0")).toMatchObject({ state: arns[0] });
  });

  it("reports a key that was stopped, once a day until that is recorded", async () => {
    const { until, worldOf, states, time, arns, last } = sweptAccount(3);
    const began = time.now;
    await until(began + 5 * minute);
    const world = worldOf(arns[0]);
    world.key = { ...world.key, enabled: false };
    await until(began + day);
    const stop = { aspect: "usage", subject: { kind: "key", keyArn: arns[0] } };
    expect(states.missed.length).toBeGreaterThan(0);
    for (const missed of states.missed) expect(missed).toMatchObject(stop);
    expect(await last("usage", arns[0])).toMatchObject({ state: "enabled" });
  });

  it("reports no key that its deletion stopped, while it is pending and after it was restored", async () => {
    const { until, worldOf, states, time, arns, guard, control, last } = sweptAccount(3);
    const began = time.now;
    await until(began + 5 * minute);
    const world = worldOf(arns[0]);
    world.state = "DELETE_PENDING";
    world.key = { ...world.key, enabled: false, usageStoppedAt: time.now };
    world.startUsage = async () => ({ kind: "refused", code: "ConflictException" });
    const request = deletionRequest({ target: { kind: "arn", arn: arns[0] }, at: time.now });
    await guardDeletion({ ...guard, keys: control.keys }, { source: "event", deliveries: 1, request });
    expect(world.state).toBe("CREATE_COMPLETE");
    await until(began + 2 * day);
    expect(states.missed).toEqual([]);
    expect(await last("usage", arns[0])).toMatchObject({ state: "stopped" });
  });

  it.each([
    ["known states", "last"],
    ["known states", "note"],
    ["progress", "progress"],
    ["progress", "noteProgress"],
    ["the queue of missed changes", "reportMissed"],
  ])("goes on where %s fail (%s), and keys are restored", async (_, method) => {
    const { until, worldOf, states, time, arns, inventory, logged, tick } = sweptAccount(3);
    const began = time.now;
    await until(began + 5 * minute);
    const down = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    Object.assign(method in states.known ? states.known : states, { [method]: down });
    const [changed, deleted] = [worldOf(arns[0]), worldOf(arns[1])];
    changed.key = { ...changed.key, enabled: false };
    time.now = began + day;
    deleted.state = "DELETE_PENDING";
    await tick();
    await tick();
    expect(deleted.state).toBe("CREATE_COMPLETE");
    expect(inventory.taken).toHaveLength(2);
    const failed = logged.filter(({ code }) => code === "SWEEP_STEP_FAILED").map(({ fields }) => fields);
    expect(failed[0]).toMatchObject({ step: "states", code: "STORE_UNAVAILABLE" });
  });
});
