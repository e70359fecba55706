import { describe, expect, it } from "vitest";
import { GuardError, type GuardErrorCode } from "../../lib/domain/guard-error.ts";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import type { ApiCall, Shown } from "../../lib/domain/operations/operation.ts";
import { shareOfCalls } from "../../lib/workflows/sweep/call-share.ts";
import { readStates } from "../../lib/workflows/sweep/read-states.ts";
import { statesAge } from "../../lib/workflows/sweep/states-age.ts";
import { createTestGuard } from "../doubles/guard.ts";
import { createKeyRing } from "../doubles/key-ring.ts";
import { createKeyWorld, t0 } from "../doubles/key-world.ts";
import { createMemoryLabelBook } from "../doubles/label-inventory.ts";
import { createMemoryStates } from "../doubles/state-inventory.ts";

const minute = 60_000;
const hour = 60 * minute;
const fails = (code: GuardErrorCode) => {
  throw new GuardError(code, "retry", "no");
};

/** An account whose keys are all in the label book. */
async function account(count: number) {
  const ring = createKeyRing(count, () => false, { tagsOfKey: { Environment: "prod" } });
  const arns = [...ring.worlds.keys()].sort() as KeyArn[];
  const { guard, time, logged } = createTestGuard(createKeyWorld(), t0);
  const book = createMemoryLabelBook(32);
  for (const arn of arns) {
    const part = new Map((await book.read(book.partOf(arn))) as ReadonlyMap<KeyArn, never>);
    await book.write(book.partOf(arn), part.set(arn, { labels: { tags: {} }, toRead: [] } as never));
  }
  const answers = { look: ring.look as (call: ApiCall) => Promise<Shown> };
  const states = createMemoryStates(async (call) => await answers.look(call));
  /** One sweep, and the time until the next. */
  const read = async (timeLeft = () => 240_000, calls = 25) => {
    const reading = { guard, states, book, calls: shareOfCalls(timeLeft, calls) };
    const answer = await readStates(reading).finally(() => {
      time.now += 5 * minute;
    });
    return answer;
  };
  const known = async (aspect: string, keyArn: KeyArn) =>
    (await states.known.last(aspect, { kind: "key", keyArn }))?.state;
  return { ring, arns, states, book, time, logged, answers, read, known };
}

describe("the states of 2,000 keys", () => {
  it("are all read within a day, three calls a key, and at most 25 calls a sweep", async () => {
    const { ring, arns, read, known, states, time } = await account(2_000);
    const perSweep: number[] = [];
    let sweeps = 0;
    for (; sweeps < 288 && (await states.progress()).readAt.size < 32; sweeps++) {
      const before = ring.looks.length;
      await read();
      perSweep.push(ring.looks.length - before);
    }
    expect(Math.max(...perSweep)).toBeLessThanOrEqual(25);
    expect(ring.looks).toHaveLength(6_000);
    expect(sweeps).toBeLessThanOrEqual(252);
    for (const arn of arns)
      expect([await known("usage", arn), await known("tags", arn), await known("resource-policy", arn)]).toEqual([
        ...["enabled", { Environment: "prod" }, "none"],
      ]);
    expect(await known("replication", arns[0] as KeyArn)).toEqual([]);
    expect(statesAge(await states.progress(), time.now)).toBeLessThan(22 * hour);
    expect(states.missed).toEqual([]);
  });

  it("are each at most a day old, and reported as behind if no sweep has a call for them", async () => {
    const { states, read, time } = await account(2_000);
    let oldest = 0;
    for (let sweeps = 0; sweeps < 3 * 288; sweeps++) {
      expect(await read()).toEqual({ overdue: false });
      if (sweeps > 288) oldest = Math.max(oldest, statesAge(await states.progress(), time.now) ?? 0);
    }
    expect(oldest).toBeLessThan(26 * hour);
    while (time.now < t0 + 5 * 24 * hour) await read(undefined, 2);
    expect(await read(undefined, 2)).toEqual({ overdue: true });
  });
});

describe("a change that no event told", () => {
  it("is reported once it is seen, by its aspect and subject, and stays the known state until it is recorded", async () => {
    const { ring, arns, states, read, known, time } = await account(8);
    for (let n = 0; n < 3; n++) await read();
    const [stopped, tagged, granted] = arns as [KeyArn, KeyArn, KeyArn];
    const worldOf = (arn: KeyArn) => ring.worlds.get(arn) as { key: { enabled: boolean }; tagsOfKey: object };
    worldOf(stopped).key = { ...worldOf(stopped).key, enabled: false };
    worldOf(tagged).tagsOfKey = {};
    ring.policies.set(granted, '{"Statement":[{"Effect":"Allow"}]}');
    time.now = t0 + 24 * hour;
    const seenFrom = time.now;
    for (let n = 0; n < 3; n++) await read();
    expect(states.missed.map(({ aspect, subject }) => [aspect, subject])).toEqual(
      expect.arrayContaining([
        ["usage", { kind: "key", keyArn: stopped }],
        ["tags", { kind: "key", keyArn: tagged }],
        ["resource-policy", { kind: "key", keyArn: granted }],
      ]),
    );
    expect(states.missed).toHaveLength(3);
    expect(states.missed.every(({ at }) => at >= seenFrom && at <= time.now)).toBe(true);
    expect(await known("usage", stopped)).toBe("enabled");
  });
});

describe("a change that is made, and told by its event, while a reading is under way", () => {
  it("is neither missed nor replaced by what the reading showed from before it", async () => {
    const { arns, states, read, known, time, answers, ring } = await account(1);
    const [keyArn] = arns as [KeyArn];
    for (let n = 0; n < 2; n++) await read();
    time.now = t0 + 24 * hour;
    answers.look = async (call) => {
      const shown = await (ring.look as (call: ApiCall) => Promise<Shown>)(call);
      time.now += 2_000;
      if (call.call === "GetKey")
        await states.known.note("usage", { kind: "key", keyArn }, "stopped", time.now - 1_000);
      return shown;
    };
    for (let n = 0; n < 2; n++) await read();
    expect(await known("usage", keyArn)).toBe("stopped");
    expect(states.missed).toEqual([]);
  });
});

describe("what cannot be read", () => {
  it.each<[string, () => Shown]>([
    ["denies us", () => fails("ACCESS_DENIED")],
    ["has vanished", () => ({ error: "ResourceNotFoundException" })],
    ["answers nonsense", () => ({ answer: { Key: [7], Tags: "x", Policy: "{" } })],
    ["answers nothing", () => ({ answer: {} })],
    ["hides behind pages", () => ({ answer: { NextToken: "more", Tags: [], Key: { KeyState: "DELETE_PENDING" } } })],
  ])("half of the keys: each other one is read where every second %s", async (_, answer) => {
    const { arns, ring, answers, read, known, states } = await account(100);
    const isBroken = (arn: unknown) => arns.indexOf(String(arn) as KeyArn) % 2 === 0;
    answers.look = async (call) =>
      isBroken(call.input["KeyIdentifier"] ?? call.input["ResourceArn"]) ? answer() : await ring.look(call);
    for (let n = 0; n < 40 && (await states.progress()).readAt.size < 32; n++) await read();
    for (const [n, arn] of arns.entries()) expect(await known("usage", arn)).toBe(n % 2 === 0 ? undefined : "enabled");
    expect(states.missed).toEqual([]);
  });

  it("one key: a service that fails for it alone keeps no other waiting", async () => {
    const { arns, ring, answers, read, known, states, logged } = await account(60);
    const hostile = arns[30] as KeyArn;
    answers.look = async (call) =>
      Object.values(call.input).includes(hostile) ? fails("CONTROL_PLANE_UNAVAILABLE") : await ring.look(call);
    for (let n = 0; n < 12; n++) await read().catch(() => undefined);
    expect((await states.progress()).readAt.size).toBe(32);
    for (const arn of arns) expect(await known("usage", arn)).toBe(arn === hostile ? undefined : "enabled");
    expect(logged.map(({ code }) => code)).toEqual(["STATE_UNREADABLE"]);
  });

  it("the list of keys: that part is left, and the rest is read", async () => {
    const { book, read, states, logged } = await account(60);
    const { read: whole } = book;
    book.read = async (part) => (part === 3 ? "unreadable" : await whole(part));
    for (let n = 0; n < 12; n++) await read();
    expect((await states.progress()).readAt.has(3)).toBe(false);
    expect((await states.progress()).readAt.size).toBe(31);
    expect(logged).toContainEqual({ code: "STATE_UNREADABLE", fields: { part: 3, code: "INVENTORY_UNREADABLE" } });
  });

  it("a store that fails ends the sweep, which goes on behind the key that was tried", async () => {
    const { states, read, ring } = await account(10);
    const { note } = states.known;
    states.known.note = async () => fails("STORE_UNAVAILABLE");
    await expect(read()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(ring.looks).toHaveLength(1);
    states.known.note = note;
    await read();
    await read();
    expect((await states.progress()).readAt.size).toBe(32);
  });

  it("a sweep without time: no call is made", async () => {
    const { read, ring } = await account(10);
    await read(() => 4_999);
    expect(ring.looks).toEqual([]);
  });
});
