import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { readCheckpoint } from "../../lib/domain/trail/checkpoint.ts";
import { readCheckpoints } from "../../lib/domain/trail/checkpoint-chain.ts";
import type { CheckpointArchive, KeptChain } from "../../lib/workflows/ports/archive.ts";
import { writeCheckpoints } from "../../lib/workflows/sweep/write-checkpoints.ts";

const hour = 3_600_000;
/** 2024-05-27T19:00:00Z */
const h0 = 1_716_836_400_000;
const kept = (name: string, entries: number, anchored = 0): KeptChain => ({
  ...{ name, entries, anchored },
  head: String(entries % 10).repeat(64),
});

function setUp(chains: readonly KeptChain[]) {
  const objects = new Map<number, string>();
  const table = new Map(chains.map((chain) => [chain.name, chain]));
  const logged: string[] = [];
  const world = { now: h0 + 1000, failMark: false };
  const archive: CheckpointArchive = {
    latest: async () => objects.get(Math.max(...objects.keys())),
    write: async (at, text) => {
      if (objects.has(at)) return "there-is-one";
      objects.set(at, text);
      return "written";
    },
  };
  const heads = {
    all: async () => [...table.values()],
    markAnchored: async (name: string, anchored: number) => {
      if (world.failMark) throw new GuardError("STORE_UNAVAILABLE", "retry", "down");
      const chain = table.get(name);
      if (chain !== undefined) table.set(name, { ...chain, anchored });
    },
  };
  const archivist = { archive, heads, clock: () => world.now, log: (code: string) => void logged.push(code) };
  const texts = () => [...objects].sort(([a], [b]) => a - b).map(([, text]) => text);
  const anchored = () =>
    texts().map((text) => {
      const checkpoint = readCheckpoint(text);
      return typeof checkpoint === "string"
        ? checkpoint
        : checkpoint.heads.map((each) => `${each.case} ${each.entries}`);
    });
  return { archivist, objects, table, logged, world, texts, anchored, archive };
}

describe("closing hours", () => {
  it("anchors every chain once, and again only what was added since", async () => {
    const { archivist, world, table, anchored } = setUp([kept("a", 5), kept("b", 2)]);
    expect(await writeCheckpoints(archivist)).toEqual({ closed: 1, left: false });
    world.now += hour;
    table.set("a", { ...(table.get("a") ?? kept("a", 5)), entries: 7 });
    await writeCheckpoints(archivist);
    world.now += hour;
    await writeCheckpoints(archivist);
    expect(anchored()).toEqual([["a 5", "b 2"], ["a 7"], []]);
  });

  it("does nothing twice within an hour", async () => {
    const { archivist, texts } = setUp([kept("a", 5)]);
    await writeCheckpoints(archivist);
    expect(await writeCheckpoints(archivist)).toEqual({ closed: 0, left: false });
    expect(texts()).toHaveLength(1);
  });

  it("closes hours that were missed, late, each of them, and the chain of checkpoints holds", async () => {
    const { archivist, world, texts, anchored } = setUp([kept("a", 5)]);
    await writeCheckpoints(archivist);
    world.now += 5 * hour;
    expect(await writeCheckpoints(archivist)).toEqual({ closed: 5, left: false });
    expect(readCheckpoints(texts())).toMatchObject({ count: 6, late: 4, findings: [] });
    expect(anchored()).toEqual([["a 5"], [], [], [], [], []]);
  });

  it("goes on where its time was over", async () => {
    const { archivist, world, texts } = setUp([]);
    await writeCheckpoints(archivist);
    world.now += 5 * hour;
    let calls = 0;
    const timeLeft = () => (calls++ < 2 ? 10_000 : 9_999);
    expect(await writeCheckpoints(archivist, timeLeft)).toEqual({ closed: 2, left: true });
    expect(await writeCheckpoints(archivist)).toEqual({ closed: 3, left: false });
    expect(readCheckpoints(texts()).findings).toEqual([]);
  });

  it("anchors twice what a crash kept from being marked, and the chain holds", async () => {
    const { archivist, world, texts, anchored } = setUp([kept("a", 5)]);
    world.failMark = true;
    await expect(writeCheckpoints(archivist)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    world.failMark = false;
    world.now += hour;
    await writeCheckpoints(archivist);
    expect(anchored()).toEqual([["a 5"], ["a 5"]]);
    expect(readCheckpoints(texts()).findings).toEqual([]);
  });

  it("writes over nothing: the sweep that was faster has closed the hour, and the next sweep goes on from there", async () => {
    const { archivist, archive, logged, world, texts } = setUp([kept("a", 5)]);
    // An eventually consistent list, or two sweeps at once: the last one is not seen yet.
    const blind = { ...archivist, archive: { ...archive, latest: async () => undefined } };
    await writeCheckpoints(archivist);
    expect(await writeCheckpoints(blind)).toMatchObject({ closed: 0 });
    expect(logged).toEqual(["CHECKPOINT_WRITTEN", "CHECKPOINT_EXISTS"]);
    world.now += hour;
    await writeCheckpoints(archivist);
    expect(readCheckpoints(texts())).toMatchObject({ count: 2, findings: [] });
  });

  it("shows a table that was rolled back", async () => {
    const { archivist, world, table, texts } = setUp([kept("a", 5), kept("b", 2)]);
    await writeCheckpoints(archivist);
    world.now += hour;
    table.set("a", kept("a", 3));
    table.delete("b");
    await writeCheckpoints(archivist);
    expect(readCheckpoints(texts()).findings.map(({ damage }) => damage)).toEqual([
      "checkpoint-rolled-back",
      "checkpoint-rolled-back",
    ]);
  });

  it("signs what it writes where a key is configured, and writes nothing that nobody signed", async () => {
    const { archivist, texts, world } = setUp([kept("a", 5)]);
    const unsigned = new GuardError("ARCHIVE_UNAVAILABLE", "retry", "the key is disabled");
    await expect(writeCheckpoints({ ...archivist, sign: async () => await Promise.reject(unsigned) })).rejects.toBe(
      unsigned,
    );
    expect(texts()).toEqual([]);
    const sign = async (text: string) => ({
      ...{ key: "arn:aws:kms:::key/k", algorithm: "ECDSA_SHA_256" as const },
      value: Buffer.from(text).toString("base64"),
    });
    await writeCheckpoints({ ...archivist, sign });
    world.now += hour;
    await writeCheckpoints({ ...archivist, sign });
    const verify = (text: string, { value }: { value: string }) => Buffer.from(value, "base64").toString() === text;
    expect(readCheckpoints(texts(), verify)).toMatchObject({ signed: 2, findings: [] });
  });

  it("follows nothing that cannot be read", async () => {
    const { archivist, objects, world } = setUp([]);
    await writeCheckpoints(archivist);
    for (const at of objects.keys()) objects.set(at, "{}");
    world.now += hour;
    await expect(writeCheckpoints(archivist)).rejects.toMatchObject({ code: "CHECKPOINT_UNREADABLE" });
    expect(objects.size).toBe(1);
  });
});
