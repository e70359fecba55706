import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import type { PaymentKeys } from "../../lib/workflows/ports/guard.ts";
import type { LabelBook, LabelledKey } from "../../lib/workflows/ports/sweep.ts";
import { shareOfCalls } from "../../lib/workflows/sweep/call-share.ts";
import { noteLabels } from "../../lib/workflows/sweep/note-labels.ts";
import { partsToRead, readTags } from "../../lib/workflows/sweep/read-labels.ts";
import { allowReaper, policyWith } from "../doubles/guard.ts";
import { createKeyRing, type KeyRing } from "../doubles/key-ring.ts";
import { createMemoryLabelBook } from "../doubles/label-inventory.ts";

/** 2026-03-01T00:00:00Z */
const t0 = 1_772_323_200_000;
const minute = 60_000;
const hour = 3_600_000;
const day = 86_400_000;
const cleaning = policyWith([
  {
    id: "clean",
    then: "allow",
    when: { key: { tags: { Environment: "test" }, alias: "alias/test/*" }, ...allowReaper.when },
  },
]);

/** Keys of which the first `tests` are test keys, an inventory of their labels, and what reads it. */
function account(count: number, tests = count, policy = cleaning, book: LabelBook = createMemoryLabelBook(32)) {
  const ring = createKeyRing(count, () => false, { tagsOfKey: { Environment: "test" } });
  for (const [n, world] of [...ring.worlds.values()].entries())
    world.aliasesOfKey = [n < tests ? `alias/test/${n}` : `alias/prod/${n}`];
  const time = { now: t0 };
  const logged: object[] = [];
  const guard = {
    policy,
    keys: ring as PaymentKeys,
    clock: () => time.now,
    log: (code: string, fields: object) => logged.push({ line: code, ...fields }),
  };
  const inventory = async (fresh = true) => {
    const keys = await ring.all();
    await noteLabels(
      { guard, keyLists: ring, book },
      { keys, fresh: new Set(fresh ? keys.map(({ arn }) => arn) : []) },
    );
  };
  const read = async (keys: Partial<PaymentKeys> = {}, timeLeft = () => 240_000) => {
    const reading = { guard: { ...guard, keys: { ...ring, ...keys } as PaymentKeys }, book };
    const tags = { ...reading, calls: shareOfCalls(timeLeft), onTags: async () => {} };
    return await readTags(tags, await partsToRead(reading));
  };
  const known = async (arn: KeyArn): Promise<LabelledKey | undefined> => {
    const part = await book.read(book.partOf(arn));
    return part === "unreadable" ? undefined : part.get(arn);
  };
  return { ring, time, logged, book, inventory, read, known, arns: [...ring.worlds.keys()] as KeyArn[] };
}

const count = ({ calls }: KeyRing, name: string) => calls.filter((call) => call === name).length;

describe("the labels of 2,000 keys", () => {
  it("take 20 calls for all aliases, and one a key for its tags, spread over sweeps of 25", async () => {
    const { ring, time, inventory, read } = account(2_000);
    await inventory();
    expect([count(ring, "ListKeys"), count(ring, "ListAliases"), count(ring, "ListTagsForResource")]).toEqual([
      20, 20, 0,
    ]);
    const perSweep: number[] = [];
    for (let sweeps = 0; sweeps < 288; sweeps++) {
      const before = count(ring, "ListTagsForResource");
      await read();
      perSweep.push(count(ring, "ListTagsForResource") - before);
      time.now += 5 * minute;
    }
    expect(Math.max(...perSweep)).toBe(25);
    // Some parts are due again within the day.
    expect(count(ring, "ListTagsForResource")).toBeGreaterThanOrEqual(2_000);
    expect(count(ring, "ListTagsForResource")).toBeLessThanOrEqual(2_300);
  });

  it("are each read once a day, so that no reading is ever a day and a half old", async () => {
    const { time, inventory, read, known, arns } = account(400);
    let oldest = 0;
    for (let sweeps = 0; sweeps < 4 * 288; sweeps++) {
      if (sweeps % 276 === 0) await inventory(sweeps === 0);
      await read();
      time.now += 5 * minute;
      if (sweeps > 288 && sweeps % 12 === 0)
        for (const arn of arns)
          oldest = Math.max(oldest, time.now - ((await known(arn))?.labels.tags["Environment"]?.at ?? 0));
    }
    expect(oldest).toBeGreaterThan(22 * hour);
    expect(oldest).toBeLessThan(36 * hour);
  });

  it("take no call for tags that cannot matter to the policy", async () => {
    const { ring, inventory, read, known, arns } = account(200, 3);
    await inventory();
    while ((await read()).left);
    expect(count(ring, "ListTagsForResource")).toBe(3);
    expect(await known(arns[100] as KeyArn)).toMatchObject({
      labels: { tags: {}, aliases: { state: "alias/prod/100" } },
      toRead: [],
    });
  });

  it.each([
    ["no labels", policyWith([allowReaper]), [1, 0]],
    [
      "tags alone",
      policyWith([{ ...allowReaper, when: { ...allowReaper.when, key: { tags: { Environment: "test" } } } }]),
      [1, 30],
    ],
    [
      "aliases alone",
      policyWith([{ ...allowReaper, when: { ...allowReaper.when, key: { alias: "alias/test/*" } } }]),
      [1, 0],
    ],
  ])(
    "are aliases for every policy, as people know keys by them, and tags as far as the policy reads them: %s",
    async (_, policy, calls) => {
      const { ring, inventory, read } = account(30, 30, policy);
      await inventory();
      while ((await read()).left);
      expect([count(ring, "ListAliases"), count(ring, "ListTagsForResource")]).toEqual(calls);
    },
  );
});

describe("aliases that cannot be listed", () => {
  const byTag = policyWith([{ ...allowReaper, when: { ...allowReaper.when, key: { tags: { Environment: "test" } } } }]);
  const denied = async () => await Promise.reject(new GuardError("ACCESS_DENIED", "retry", "no"));

  it("leave a policy that reads none its tags, and the keys their names of yesterday", async () => {
    const { ring, time, logged, inventory, read, known, arns } = account(3, 3, byTag);
    await inventory();
    time.now += day;
    ring.allAliases = denied;
    await inventory(false);
    while ((await read()).left);
    expect(logged).toEqual([{ line: "LABELS_UNREADABLE", fact: "aliases", code: "ACCESS_DENIED" }]);
    expect((await known(arns[0] as KeyArn))?.labels).toMatchObject({
      aliases: { state: "alias/test/0", at: t0 },
      tags: { Environment: { state: "=test" } },
    });
  });

  it("end the inventory of a policy that reads them", async () => {
    const { ring, inventory } = account(3);
    ring.allAliases = denied;
    await expect(inventory()).rejects.toMatchObject({ code: "ACCESS_DENIED" });
  });
});

describe("the age of a label", () => {
  it("begins with the first reading, and ends with another value", async () => {
    const { ring, time, inventory, read, known, arns } = account(1);
    const [arn] = arns as [KeyArn];
    await inventory();
    time.now += hour;
    await read();
    for (const days of [1, 2, 3]) {
      time.now = t0 + days * day;
      await inventory(false);
      await read();
    }
    const { labels } = (await known(arn)) ?? {};
    expect(labels?.tags["Environment"]).toEqual({ state: "=test", since: t0 + hour, at: t0 + 3 * day, first: true });
    expect(labels?.aliases).toEqual({ state: "alias/test/0", since: t0, at: t0 + 3 * day, first: true });
    const world = ring.worlds.get(arn);
    if (world) [world.tagsOfKey, world.aliasesOfKey] = [{}, ["alias/test/0", "alias/test/more"]];
    time.now = t0 + 4 * day;
    await inventory(false);
    await read();
    expect((await known(arn))?.labels).toEqual({
      tags: { Environment: { state: "absent", since: t0 + 4 * day, at: t0 + 4 * day } },
      aliases: { state: "alias/test/0 alias/test/more", since: t0 + 4 * day, at: t0 + 4 * day },
    });
  });

  it("is that of a new key only in the inventory that first saw it", async () => {
    const { time, inventory, read, known, arns } = account(1);
    await inventory(false);
    await read();
    const { labels } = (await known(arns[0] as KeyArn)) ?? {};
    expect(labels?.aliases).not.toHaveProperty("first");
    expect(labels?.tags["Environment"]).not.toHaveProperty("first");
    const late = account(1);
    await late.inventory();
    late.time.now += 23 * hour;
    await late.inventory(false);
    await late.read();
    expect((await late.known(late.arns[0] as KeyArn))?.labels.tags["Environment"]).not.toHaveProperty("first");
    expect(time.now).toBe(t0);
  });

  it("goes on through a deletion that is pending, and ends with the key", async () => {
    const { ring, time, inventory, read, known, arns } = account(1);
    const [arn] = arns as [KeyArn];
    await inventory();
    await read();
    const world = ring.worlds.get(arn);
    if (world) world.state = "DELETE_PENDING";
    time.now += day;
    await inventory(false);
    await read();
    expect((await known(arn))?.labels).toMatchObject({
      tags: { Environment: { since: t0, at: t0 + day } },
      aliases: { since: t0, at: t0 + day },
    });
    if (world) world.state = "DELETE_COMPLETE";
    await inventory(false);
    expect(await known(arn)).toBeUndefined();
  });

  it("begins again, and not as that of a new key, where a part cannot be read", async () => {
    const memory = createMemoryLabelBook(1);
    let broken = false;
    const book: LabelBook = { ...memory, read: async (part) => (broken ? "unreadable" : await memory.read(part)) };
    const { time, logged, inventory, known, arns } = account(1, 1, cleaning, book);
    await inventory();
    time.now += day;
    broken = true;
    await inventory();
    broken = false;
    expect((await known(arns[0] as KeyArn))?.labels.aliases).toEqual({
      state: "alias/test/0",
      since: t0 + day,
      at: t0 + day,
    });
    expect(logged).toEqual([{ line: "LABELS_UNREADABLE", part: 0, fact: "labelAge", code: "INVENTORY_UNREADABLE" }]);
  });
});

describe("tags that cannot be read", () => {
  const fails = (code: "ACCESS_DENIED" | "CONTROL_PLANE_UNAVAILABLE") => async () =>
    await Promise.reject(new GuardError(code, "retry", "no"));

  it("of one key keep what was seen of it, and no other key waits", async () => {
    const { ring, logged, inventory, read, known, arns } = account(60, 60, cleaning, createMemoryLabelBook(1));
    await inventory();
    const denied = new Set<string>(arns.slice(0, 40));
    const tags: PaymentKeys["tags"] = async (arn) =>
      denied.has(arn) ? await fails("ACCESS_DENIED")() : await ring.tags(arn);
    let sweeps = 0;
    do sweeps += 1;
    while ((await read({ tags })).left);
    expect(sweeps).toBe(3);
    expect((await known(arns[59] as KeyArn))?.labels.tags).toHaveProperty("Environment");
    expect((await known(arns[0] as KeyArn))?.labels.tags).toEqual({});
    expect(logged.length).toBe(40);
    expect(logged[0]).toMatchObject({ keyArn: arns[0], fact: "tags", code: "ACCESS_DENIED" });
  });

  it("of any key end the reading; what was read stays, the part is due at once, and the key with the next round", async () => {
    const { ring, time, inventory, read, known, arns, book } = account(10, 10, cleaning, createMemoryLabelBook(1));
    await inventory();
    const tags: PaymentKeys["tags"] = async (arn) =>
      arn === arns[5] ? await fails("CONTROL_PLANE_UNAVAILABLE")() : await ring.tags(arn);
    await expect(read({ tags })).rejects.toMatchObject({ code: "CONTROL_PLANE_UNAVAILABLE" });
    expect((await known(arns[4] as KeyArn))?.labels.tags).toHaveProperty("Environment");
    // That the labels were noted is one thing, that the tags of the part were read is another.
    expect(await book.readAt()).toEqual(new Map([[1, t0]]));
    expect(await read()).toEqual({ left: false });
    expect(count(ring, "ListTagsForResource")).toBe(9);
    time.now += 23 * hour;
    await read();
    expect((await known(arns[5] as KeyArn))?.labels.tags).toHaveProperty("Environment");
  });

  it("of one key about which the service fails every time keep no other key from being read", async () => {
    const { ring, inventory, read, known, arns } = account(10, 10, cleaning, createMemoryLabelBook(2));
    await inventory();
    const tags: PaymentKeys["tags"] = async (arn) =>
      arn === arns[0] ? await fails("CONTROL_PLANE_UNAVAILABLE")() : await ring.tags(arn);
    await expect(read({ tags })).rejects.toMatchObject({ code: "CONTROL_PLANE_UNAVAILABLE" });
    expect(await read({ tags })).toEqual({ left: false });
    for (const arn of arns.slice(1)) expect((await known(arn))?.labels.tags).toHaveProperty("Environment");
    expect(await known(arns[0] as KeyArn)).toMatchObject({ labels: { tags: {} }, isNew: true });
  });

  it("for lack of time are left to the next sweep", async () => {
    const { ring, inventory, read } = account(10);
    await inventory();
    expect(await read({}, () => 4_999)).toEqual({ left: true });
    expect(count(ring, "ListTagsForResource")).toBe(0);
    expect(await read({}, () => 5_000)).toEqual({ left: false });
  });

  it("for lack of room are logged", async () => {
    const memory = createMemoryLabelBook(1);
    const { logged, inventory } = account(2, 2, cleaning, { ...memory, write: async () => 2 });
    await inventory();
    expect(logged).toMatchObject([{ part: 0, code: "INVENTORY_FULL", keys: 2 }]);
  });
});

describe("the parts to read", () => {
  it("put one with a new key first, and none off for a clock that was set back", async () => {
    const { time, inventory, read, book, ring, arns } = account(3, 3, cleaning, createMemoryLabelBook(2));
    time.now = t0 + 60 * day;
    await inventory();
    while ((await read()).left);
    expect(
      await partsToRead({
        guard: { policy: cleaning, keys: ring, clock: () => t0 + 60 * day + hour, log: () => {} },
        book,
      }),
    ).toEqual([]);
    expect(
      await partsToRead({ guard: { policy: cleaning, keys: ring, clock: () => t0, log: () => {} }, book }),
    ).toEqual([0, 1]);
    const part = book.partOf(arns[0] as KeyArn);
    await book.write(part, new Map());
    await inventory();
    expect(
      await partsToRead({
        guard: { policy: cleaning, keys: ring, clock: () => t0 + 60 * day + hour, log: () => {} },
        book,
      }),
    ).toEqual([part]);
  });
});
