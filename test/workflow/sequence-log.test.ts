import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { sha256Hex } from "../../lib/domain/ledger/canonical-json.ts";
import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { checkpointText } from "../../lib/domain/log/checkpoint.ts";
import { checkpointName, headsName, objectName } from "../../lib/domain/log/object-name.ts";
import { signedCheckpoint } from "../../lib/domain/log/signed-checkpoint.ts";
import { detection, toRestore } from "../doubles/case-builder.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { keyArn } from "../doubles/key-world.ts";
import { createLogWorld, h0, hour, type LogWorld } from "../doubles/log-world.ts";

const nameOf = (n: number) => ({ keyArn: keyArn(`seq${String(n).padStart(13, "0")}`), generation: 1 });

/** A case with so many entries, the first at `at` (ms). */
function chainOf(n: number, entries: number, at: number, code = "CONTROL_PLANE_UNAVAILABLE"): Chain {
  const first = detection({ case: nameOf(n) });
  const more = Array.from(
    { length: Math.max(0, entries - 2) },
    (_, k): EntryBody => ({ kind: "effect-failed", effect: "restore", code, attempt: k + 1 }),
  );
  return [first, toRestore, ...more]
    .slice(0, entries)
    .reduce<Chain>((chain, body, k) => append(chain, body, at + k), chainBefore(first));
}

const found = ({ name, texts }: Chain) => ({ name, texts });
const keep = ({ table }: LogWorld, chain: Chain) => void table.set(chain.name, chain.texts);

interface Line {
  readonly chain: string;
  readonly kind: string;
  readonly [member: string]: unknown;
}
const linesOf = (world: LogWorld, number: number): readonly Line[] =>
  world
    .object(number)
    .split("\n")
    .slice(1, -1)
    .map((line) => JSON.parse(line) as Line);
const ownOf = (world: LogWorld, number: number) => linesOf(world, number).filter(({ chain }) => chain === "log");
const kindsOf = (world: LogWorld, number: number) => linesOf(world, number).map(({ kind }) => kind);
const codes = (world: LogWorld) => world.codes().filter((code) => code !== "LOG_WRITTEN");

describe("logging an hour", () => {
  it("writes every entry once, a closing, and a signed checkpoint", async () => {
    const world = await createLogWorld();
    const { sequence } = world.newSequencer();
    keep(world, chainOf(1, 3, h0));
    expect(await sequence([])).toEqual({ left: false });
    world.time.now += hour;
    keep(world, chainOf(1, 5, h0));
    keep(world, chainOf(2, 1, h0 + hour));
    await sequence([]);
    expect(kindsOf(world, 1)).toEqual(["deletion-detected", "decided", "effect-failed", "closing"]);
    expect(kindsOf(world, 2)).toEqual(["effect-failed", "effect-failed", "deletion-detected", "closing"]);
    expect(ownOf(world, 2)).toMatchObject([
      { scope: "all", hour: h0 + hour, chains: 2, entries: 6, oldestAt: h0 + 3, newestAt: h0 + hour, seq: 2 },
    ]);
    expect([...world.files.keys()].sort()).toEqual([1, 2].flatMap((n) => [checkpointName(n), objectName(n)]).sort());
    expect(codes(world)).toEqual([]);
  });

  it("closes an hour in which nothing happened, once", async () => {
    const world = await createLogWorld();
    const { sequence } = world.newSequencer();
    await sequence([]);
    await sequence([]);
    expect(world.files.size).toBe(2);
    world.time.now += hour;
    await sequence([]);
    expect(kindsOf(world, 2)).toEqual(["closing"]);
  });

  it("takes at most ten calls beside the pages of the scan, with a hundred new entries of a hundred cases", async () => {
    const world = await createLogWorld();
    const { sequence } = world.newSequencer();
    for (let n = 0; n < 200; n++) keep(world, chainOf(n, 2, h0));
    await sequence([]);
    world.time.now += hour;
    for (let n = 0; n < 100; n++) keep(world, chainOf(n, 3, h0));
    world.calls.length = 0;
    await sequence([]);
    expect(linesOf(world, 2)).toHaveLength(101);
    expect(world.calls.filter((call) => call !== "scan").length).toBeLessThanOrEqual(10);
  });

  it("believes the log alone: a new environment finds what was logged, and logs nothing twice", async () => {
    const world = await createLogWorld();
    keep(world, chainOf(1, 3, h0));
    await world.newSequencer().sequence([]);
    world.time.now += hour;
    keep(world, chainOf(1, 4, h0));
    await world.newSequencer().sequence([]);
    expect(kindsOf(world, 2)).toEqual(["effect-failed", "closing"]);
    expect(ownOf(world, 2)[0]).toMatchObject({ seq: 2 });
  });

  it("cuts what is too large for one object, and says only with the last that the whole table was read", async () => {
    const world = await createLogWorld();
    for (let n = 0; n < 90; n++) keep(world, chainOf(n, 90, h0, "x".repeat(1_500)));
    await world.newSequencer().sequence([]);
    const scopes = [1, 2].map((n) => linesOf(world, n).at(-1)?.["scope"]);
    expect(scopes).toEqual(["open", "all"]);
    expect(Math.max(...[1, 2].map((n) => world.object(n).length))).toBeLessThan(16 * 1024 * 1024);
    expect([1, 2].map((n) => linesOf(world, n).length).reduce((a, b) => a + b)).toBe(90 * 90 + 2);
  }, 60_000);
});

describe("logging between the hours", () => {
  it("logs the cases that a sweep has read, if they have news", async () => {
    const world = await createLogWorld();
    const { sequence } = world.newSequencer();
    await sequence([]);
    const made = world.calls.length;
    world.time.now += 300_000;
    await sequence([]);
    const chain = chainOf(1, 2, h0);
    keep(world, chain);
    expect(world.calls.length).toBe(made);
    await sequence([found(chain)]);
    await sequence([found(chain)]);
    expect(kindsOf(world, 2)).toEqual(["deletion-detected", "decided", "closing"]);
    expect(ownOf(world, 2)).toMatchObject([{ scope: "open", chains: 1, entries: 2 }]);
    expect(world.files.size).toBe(4);
  });
});

describe("a table that contradicts the log", () => {
  const changes: readonly (readonly [string, (chain: Chain) => Chain | undefined, object])[] = [
    ["a case that was rewritten", () => chainOf(1, 4, h0, "REWRITTEN"), { foundEntries: 4 }],
    ["a case that was cut", () => chainOf(1, 3, h0), { foundEntries: 3 }],
    ["a case that is gone", () => undefined, { foundEntries: 0, damage: "empty" }],
    [
      "a case whose second entry was changed and whose last was not",
      (chain) => ({ ...chain, texts: chain.texts.with(1, chainOf(1, 2, h0 - 9).texts[1] ?? "") }),
      { foundEntries: 4, damage: "wrong-prev" },
    ],
    [
      "an entry of another form at the end",
      (chain) => ({ ...chain, texts: [...chain.texts, '{"at":"later","kind":"decided"}'] }),
      { foundEntries: 5, damage: "wrong-chain" },
    ],
  ];
  it.each(changes)("logs %s, once", async (_, change, expected) => {
    const world = await createLogWorld();
    const { sequence } = world.newSequencer();
    const chain = chainOf(1, 4, h0);
    keep(world, chain);
    await sequence([]);
    const changed = change(chain);
    world.table.delete(chain.name);
    if (changed !== undefined) keep(world, changed);
    for (const sequencer of [sequence, world.newSequencer().sequence]) {
      world.time.now += hour;
      await sequencer([]);
    }
    expect(kindsOf(world, 2)).toEqual(["trail-differs", "closing"]);
    expect(ownOf(world, 2)[0]).toMatchObject({
      subject: chain.name,
      loggedEntries: 4,
      loggedHead: chain.head,
      ...expected,
    });
    expect(kindsOf(world, 3)).toEqual(["closing"]);
    expect(codes(world)).toEqual(["TRAIL_DIFFERS"]);
  });

  it("raises the alarm again with the first closing of each day while it stands, and when it comes back", async () => {
    const world = await createLogWorld();
    const chain = chainOf(1, 4, h0);
    const forged = { ...chain, texts: chain.texts.slice(0, 2) };
    const day = async () => {
      const before = codes(world).length;
      for (let hours = 0; hours < 24; hours++) {
        // Each hour has an environment of its own.
        await world.newSequencer().sequence([]);
        world.time.now += hour;
      }
      return codes(world).slice(before);
    };
    world.time.now = Math.ceil(h0 / (24 * hour)) * 24 * hour;
    keep(world, chain);
    expect(await day()).toEqual([]);
    keep(world, forged);
    expect([await day(), await day(), await day()]).toEqual([["TRAIL_DIFFERS"], ["TRAIL_DIFFERS"], ["TRAIL_DIFFERS"]]);
    keep(world, chain);
    expect(await day()).toEqual([]);
    keep(world, forged);
    expect(await day()).toEqual(["TRAIL_DIFFERS"]);
    const last = world.logged.findLast(({ code }) => code === "TRAIL_DIFFERS");
    expect(last?.fields).toMatchObject({ subject: chain.name, standing: 1 });
  });

  it("is read once more, consistently, before it is said to differ", async () => {
    const world = await createLogWorld();
    const stale = new Map<string, readonly string[]>();
    const { sequence } = world.newSequencer({
      table: {
        all: async function* () {
          for (const [name, texts] of world.table) yield { name, texts: stale.get(name) ?? texts };
        },
        read: async (name) => ({ name, texts: world.table.get(name) ?? [] }),
      },
    });
    const chain = chainOf(1, 4, h0);
    keep(world, chain);
    await sequence([]);
    stale.set(chain.name, chain.texts.slice(0, 2));
    world.time.now += hour;
    await sequence([]);
    expect(kindsOf(world, 2)).toEqual(["closing"]);
  });

  it("has what comes before the damage logged", async () => {
    const world = await createLogWorld();
    const chain = chainOf(1, 3, h0);
    world.table.set(chain.name, [...chain.texts, "garbage"]);
    await world.newSequencer().sequence([]);
    expect(kindsOf(world, 1)).toEqual(["trail-differs", "deletion-detected", "decided", "effect-failed", "closing"]);
  });
});

describe("a bucket with something else in it", () => {
  it.each<[string, string]>([
    ["garbage", "garbage"],
    ["nothing", ""],
    ["an object of another number", ""],
    ["an object that does not follow", ""],
  ])("goes on after %s under the next number", async (kind) => {
    const world = await createLogWorld();
    const { sequence } = world.newSequencer();
    await sequence([]);
    const own = world.object(1);
    const planted = {
      garbage: "garbage",
      nothing: "",
      "an object of another number": own,
      "an object that does not follow": own.replace('"no":1', '"no":2'),
    }[kind];
    world.put(objectName(2), planted ?? "");
    keep(world, chainOf(1, 2, h0));
    for (const sequencer of [sequence, world.newSequencer().sequence]) {
      world.time.now += hour;
      await sequencer([]);
    }
    expect(kindsOf(world, 3)).toEqual(["object-unreadable", "deletion-detected", "decided", "closing"]);
    expect(ownOf(world, 3)[0]).toMatchObject({ number: 2, sha256: sha256Hex(planted ?? ""), objectVersion: "1" });
    expect(kindsOf(world, 4)).toEqual(["closing"]);
    expect(codes(world)).toEqual(["LOG_OBJECT_UNREADABLE"]);
  });

  it.each<[string, (line: string) => string]>([
    ["a line that is no JSON", () => "garbage"],
    ["an entry of another form", (line) => line.replace('"key":{', '"hidden":1,"key":{')],
    ["an entry that does not follow", (line) => line.replace('"prev":"0', '"prev":"1')],
    ["an entry that begins no case", (line) => line.replaceAll("#1", "#2")],
    ["an entry of a chain that has no name", (line) => line.replace(/"chain":"[^"]*"/, '"chain":"x"')],
  ])("goes on after an object that follows, and reports it for %s", async (_, change) => {
    const world = await createLogWorld();
    await world.newSequencer().sequence([]);
    world.time.now += hour;
    const other = await createLogWorld();
    for (const [name, { bytes }] of world.files) other.put(name, bytes);
    keep(other, chainOf(1, 1, h0));
    other.time.now = world.time.now;
    await other.newSequencer().sequence([]);
    const [header = "", line = "", ...rest] = other.object(2).split("\n");
    expect(change(line)).not.toBe(line);
    world.put(objectName(2), [header, change(line), ...rest].join("\n"));
    for (let n = 0; n < 2; n++) {
      world.time.now += hour;
      await world.newSequencer().sequence([]);
    }
    expect(ownOf(world, 3)[0]).toMatchObject({ kind: "object-unreadable", number: 2 });
    expect(kindsOf(world, 4)).toEqual(["closing"]);
    expect(codes(world).filter((code) => code === "LOG_OBJECT_UNREADABLE")).toHaveLength(1);
  });

  it("ignores, and reports once, what lies beyond the end, whatever number it has", async () => {
    const world = await createLogWorld();
    for (const number of [5, 9_999_999_999]) world.put(objectName(number), "garbage");
    world.put(checkpointName(7), "garbage");
    for (let n = 0; n < 4; n++) {
      await world.newSequencer().sequence([]);
      world.time.now += hour;
    }
    expect(ownOf(world, 1).map(({ kind, number }) => [kind, number])).toEqual([
      ["object-out-of-order", 5],
      ["object-out-of-order", 7],
      ["object-out-of-order", 9_999_999_999],
      ["closing", undefined],
    ]);
    expect(kindsOf(world, 2)).toEqual(["closing"]);
    expect(codes(world)).toEqual(["LOG_OBJECT_OUT_OF_ORDER", "LOG_OBJECT_OUT_OF_ORDER", "LOG_OBJECT_OUT_OF_ORDER"]);
  });

  it("finds its next object among names that mean nothing", async () => {
    const world = await createLogWorld();
    const { sequence } = world.newSequencer();
    for (let n = 0; n < 1_100; n++) world.put(`log/0000000002-${String(n).padStart(5, "0")}`, "");
    for (let n = 0; n < 3; n++) {
      await sequence([]);
      world.time.now += hour;
    }
    await world.newSequencer().sequence([]);
    expect(kindsOf(world, 4)).toEqual(["closing"]);
  });

  it("signs on after a checkpoint that another person wrote, and stops where its own key signed another log", async () => {
    const world = await createLogWorld();
    const { sequence } = world.newSequencer();
    world.put(checkpointName(1), "garbage");
    await sequence([]);
    world.time.now += hour;
    await sequence([]);
    expect(world.files.has(checkpointName(2))).toBe(true);
    expect(codes(world)).toEqual(["LOG_OBJECT_OUT_OF_ORDER", "CHECKPOINT_WRONG"]);
    const other = { origin: world.key.name, size: 99, root: Buffer.alloc(32) };
    const signature = await world.signer.sign(checkpointText(other));
    world.put(checkpointName(3), signedCheckpoint(other, world.key, signature));
    for (const sequencer of [sequence, sequence, world.newSequencer().sequence]) {
      world.time.now += hour;
      await sequencer([]);
    }
    expect([3, 4, 5].map((n) => kindsOf(world, n).at(-1))).toEqual(["closing", "closing", "closing"]);
    expect([4, 5].map((n) => world.files.has(checkpointName(n)))).toEqual([false, false]);
  });
});

describe("what fails", () => {
  it("KMS: the order is written, and the checkpoints come later, the oldest first", async () => {
    const world = await createLogWorld();
    const { sequence, status } = world.newSequencer();
    for (const call of ["sign", "key"] as const) {
      world.down.add(call);
      await sequence([]);
      world.time.now += hour;
    }
    expect(status()).toMatchObject({ unsigned: 2 });
    expect([...world.files.keys()]).toEqual([objectName(1), objectName(2)]);
    world.down.clear();
    await sequence([]);
    expect([...world.files.keys()].slice(2)).toEqual([
      checkpointName(1),
      checkpointName(2),
      objectName(3),
      checkpointName(3),
    ]);
    expect(status()).toMatchObject({ unsigned: 0, ageSeconds: 0 });
    expect(new Set(codes(world))).toEqual(new Set(["CHECKPOINT_UNSIGNED"]));
  });

  it("KMS, with a signature that nobody can verify: nothing is written in its place", async () => {
    const world = await createLogWorld();
    const signer = { ...world.signer, sign: async () => Buffer.alloc(64, 1) };
    const { sequence, status } = world.newSequencer({ signer });
    await sequence([]);
    expect([...world.files.keys()]).toEqual([objectName(1)]);
    expect(status()).toMatchObject({ unsigned: 1 });
    expect(world.logged.at(-1)).toMatchObject({ code: "CHECKPOINT_UNSIGNED", fields: { code: "SIGNING_UNAVAILABLE" } });
    await world.newSequencer().sequence([]);
    expect(world.files.has(checkpointName(1))).toBe(true);
  });

  it.each(["list", "write", "read", "scan"] as const)(
    "%s: nothing is lost, and the next sweep goes on",
    async (call) => {
      const world = await createLogWorld();
      const { sequence, status } = world.newSequencer();
      keep(world, chainOf(1, 2, h0));
      await world.newSequencer().sequence([]);
      world.time.now += 3 * hour;
      keep(world, chainOf(1, 3, h0));
      world.down.add(call);
      await expect(sequence([])).rejects.toMatchObject({ disposition: "retry" });
      world.down.clear();
      await sequence([]);
      expect(kindsOf(world, 2)).toEqual(["effect-failed", "closing"]);
      expect(status()).toEqual({ ageSeconds: 0, unsigned: 0 });
    },
  );

  it("the answer to a write: the object is found to be its own", async () => {
    const world = await createLogWorld();
    let lost = true;
    const { sequence } = world.newSequencer({
      store: {
        ...world.store,
        write: async (name, text) => {
          const answer = await world.store.write(name, text);
          return lost && name === objectName(1) ? await world.store.write(name, text) : answer;
        },
      },
    });
    await sequence([]);
    lost = false;
    world.time.now += hour;
    await sequence([]);
    expect([kindsOf(world, 1), kindsOf(world, 2)]).toEqual([["closing"], ["closing"]]);
    expect(codes(world)).toEqual([]);
  });

  it("the answer to the write of what contradicts the log: it is reported all the same", async () => {
    const world = await createLogWorld();
    keep(world, chainOf(1, 2, h0));
    await world.newSequencer().sequence([]);
    world.table.clear();
    world.time.now += hour;
    const { sequence } = world.newSequencer({
      store: {
        ...world.store,
        write: async (name, text) => {
          await world.store.write(name, text);
          throw new GuardError("ARCHIVE_UNAVAILABLE", "retry", "the answer was lost");
        },
      },
    });
    await expect(sequence([])).rejects.toMatchObject({ code: "ARCHIVE_UNAVAILABLE" });
    world.time.now += hour;
    await world.newSequencer().sequence([]);
    expect(kindsOf(world, 2)).toEqual(["trail-differs", "closing"]);
    expect(codes(world)).toEqual(["TRAIL_DIFFERS"]);
  });

  it("memory: what is new is logged in portions, and the last one alone says that the whole table was read", async () => {
    const world = await createLogWorld();
    for (let n = 1; n <= 5; n++) keep(world, chainOf(n, 3, h0));
    const { sequence } = world.newSequencer({ mostBytes: 5_000 });
    const left: boolean[] = [];
    do left.push((await sequence([])).left);
    while (left.at(-1) && left.length < 9);
    expect(left.length).toBeGreaterThan(1);
    const numbers = left.map((_, n) => n + 1);
    expect(numbers.map((n) => linesOf(world, n).at(-1)?.["scope"])).toEqual([
      ...left.slice(1).map(() => "open"),
      "all",
    ]);
    const lines = numbers.flatMap((n) => linesOf(world, n)).filter(({ chain }) => chain !== "log");
    expect(lines).toHaveLength(15);
    expect(codes(world)).toEqual([]);
  });

  it("a scan that gives a chain twice: it is logged once", async () => {
    const world = await createLogWorld();
    const chain = found(chainOf(1, 3, h0));
    const { sequence } = world.newSequencer({
      table: {
        all: async function* () {
          yield chain;
          yield { ...chain, texts: ["garbage"] };
        },
        read: async () => chain,
      },
    });
    await sequence([]);
    expect(kindsOf(world, 1)).toEqual(["deletion-detected", "decided", "effect-failed", "closing"]);
  });

  it("two sweeps at once: the second finds the number taken, and goes on after it", async () => {
    const world = await createLogWorld();
    keep(world, chainOf(1, 2, h0));
    let raced = false;
    const slow = world.newSequencer({
      store: {
        ...world.store,
        write: async (name, text) => {
          if (!raced && name === objectName(1)) {
            raced = true;
            keep(world, chainOf(2, 1, h0));
            await world.newSequencer().sequence([]);
          }
          return await world.store.write(name, text);
        },
      },
    });
    expect(await slow.sequence([])).toEqual({ left: true });
    expect(codes(world)).toEqual(["LOG_OBJECT_EXISTS"]);
    world.time.now += hour;
    await slow.sequence([]);
    expect([kindsOf(world, 1), kindsOf(world, 2)]).toEqual([
      ["deletion-detected", "decided", "deletion-detected", "closing"],
      ["closing"],
    ]);
  });

  it("the clock: it is logged that it went back, and hours are closed on", async () => {
    const world = await createLogWorld();
    const { sequence } = world.newSequencer();
    world.time.now += 500 * hour;
    await sequence([]);
    for (const at of [h0 + 60_000, h0 + hour + 60_000]) {
      world.time.now = at;
      await sequence([]);
    }
    expect(kindsOf(world, 2)).toEqual(["clock-went-back", "closing"]);
    expect(kindsOf(world, 3)).toEqual(["closing"]);
    expect(codes(world)).toEqual(["CLOCK_WENT_BACK"]);
  });

  it("time: what is left is said, and nothing is written without it", async () => {
    const world = await createLogWorld();
    const { sequence } = world.newSequencer();
    expect(await sequence([], () => 5_000)).toEqual({ left: true });
    expect(world.files.size).toBe(0);
    expect(await sequence([], () => 60_000)).toEqual({ left: false });
  });
});

describe("the heads that are kept once a day", () => {
  /** Three days of closings. */
  async function threeDays(signed = true) {
    const world = await createLogWorld({ signed });
    const { sequence } = world.newSequencer();
    for (let n = 0; n < 72; n++) {
      keep(world, chainOf(n, 2, world.time.now));
      await sequence([]);
      world.time.now += hour;
    }
    return world;
  }

  it("save a new environment the reading of the whole log", async () => {
    const world = await threeDays();
    expect([...world.files.keys()].filter((name) => name.startsWith("heads/"))).toEqual([3, 27, 51].map(headsName));
    world.calls.length = 0;
    await world.newSequencer().sequence([]);
    expect(world.calls.filter((call) => call === "read").length).toBeLessThan(30);
    expect(kindsOf(world, 73)).toEqual(["closing"]);
  });

  it.each<[string, (world: LogWorld) => void]>([
    ["garbage in the future", ({ put }) => put(headsName(9_999_999_998), "garbage")],
    ["garbage in their place", ({ put }) => [3, 27, 51].forEach((n) => void put(headsName(n), "garbage"))],
    [
      "heads of a log that nobody signed",
      ({ put, files, object }) => {
        const heads = Buffer.from(files.get(headsName(27))?.bytes ?? []).toString();
        const forged = heads.replace('"no":27', '"no":5000');
        put(headsName(5_000), forged);
        put(
          objectName(5_001),
          object(28).replaceAll(sha256Hex(heads), sha256Hex(forged)).replace('"no":28', '"no":5001'),
        );
      },
    ],
  ])("are not believed: %s", async (_, plant) => {
    const world = await threeDays();
    plant(world);
    await world.newSequencer().sequence([]);
    expect(kindsOf(world, 73).at(-1)).toBe("closing");
    expect(linesOf(world, 73).filter(({ chain }) => chain !== "log")).toEqual([]);
  });

  it("are not kept where nobody signs: then the log is read from its first object", async () => {
    const world = await threeDays(false);
    expect([...world.files.keys()].filter((name) => !name.endsWith(".jsonl") || name.startsWith("heads/"))).toEqual([]);
    await world.newSequencer().sequence([]);
    expect(kindsOf(world, 73)).toEqual(["closing"]);
  });
});
