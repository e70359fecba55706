import { describe, expect, it } from "vitest";
import { append, type Chain, genesis } from "../../lib/domain/ledger/chain.ts";
import { readCheckpoint } from "../../lib/domain/log/checkpoint.ts";
import type { LogFindingName } from "../../lib/domain/log/finding.ts";
import { readObject } from "../../lib/domain/log/object.ts";
import { checkpointName, logNameIn, objectName } from "../../lib/domain/log/object-name.ts";
import { readNote } from "../../lib/domain/log/signed-note.ts";
import { createLogWorld, h0, hour, type LogWorld } from "../doubles/log-world.ts";
import { caseOf, keepChain, loggedHours, passHours } from "../doubles/logged-cases.ts";
import { type Copy, changed, copyOf, findingsOf, forged, readCopy } from "../doubles/read-world.ts";

const minute = 60_000;

/** Twelve hours of a stack: five-minute closings of a case that goes on in each hour, and hourly ones. */
async function busyHours(): Promise<LogWorld> {
  const world = await createLogWorld();
  const { sequence } = world.newSequencer();
  for (let n = 0; n < 12; n++) {
    const begun = world.time.now;
    for (let sweeps = 0; sweeps < 12; sweeps++) {
      world.time.now += 5 * minute;
      const chain = caseOf(n, 1 + sweeps, begun);
      keepChain(world, chain);
      await sequence([{ name: chain.name, texts: chain.texts }]);
    }
  }
  return world;
}

describe("honest work shows no findings", () => {
  it("of 30 hourly closings", async () => {
    const world = await loggedHours(30);
    expect(await readCopy(world, await copyOf(world))).toMatchObject({ verdict: "whole", found: 0, objects: 30 });
  });

  it("of 12 hours with closings of open cases every five minutes", async () => {
    const world = await busyHours();
    expect(await readCopy(world, await copyOf(world))).toMatchObject({ verdict: "whole", found: 0, objects: 144 });
  });

  it("of environments that come and go, and a key that is away for hours", async () => {
    const world = await createLogWorld();
    for (let n = 0; n < 40; n++) {
      if (n % 10 === 4) world.down.add("sign").add("key");
      if (n % 10 === 8) world.down.clear();
      await passHours(world, 1, n);
    }
    expect(await readCopy(world, await copyOf(world))).toMatchObject({ verdict: "whole", found: 0, objects: 40 });
  });
});

/** Changes the table of a stack that has run 20 hours; 10 more follow. */
type TableAttack = (world: LogWorld) => void;

describe("what is done to the table", () => {
  const longer = (chain: Chain, at: number): Chain => append(chain, { kind: "event-missed" }, at);
  it.each<[string, TableAttack, readonly LogFindingName[]]>([
    [
      "an entry appended to a closed case, dated 20 hours back",
      (world) => keepChain(world, longer(caseOf(5, 4, h0 + 5 * hour + minute), world.time.now - 20 * hour)),
      ["back-dated"],
    ],
    [
      "a case made up, dated 900 hours back",
      (world) => keepChain(world, caseOf(99, 3, world.time.now - 900 * hour)),
      ["back-dated"],
    ],
    [
      "a logged case rewritten 17 hours later",
      (world) => keepChain(world, caseOf(3, 4, h0, "OTHER")),
      ["trail-differs"],
    ],
    ["a logged case deleted", ({ table }) => void table.delete(caseOf(3, 1, h0).name), ["trail-differs"]],
    [
      "a table rolled back 15 hours",
      ({ table }) => {
        for (let n = 5; n < 20; n++) table.delete(caseOf(n, 1, h0).name);
      },
      ["trail-differs"],
    ],
    [
      "an entry of no form appended to a closed case",
      ({ table }) => {
        const { name, texts } = caseOf(3, 4, h0 + 3 * hour + minute);
        table.set(name, [...texts, '{"at":"later","kind":"decided"}']);
      },
      ["trail-differs"],
    ],
    [
      "a case without its beginning",
      (world) => {
        const whole = caseOf(98, 1, world.time.now);
        const { name, texts } = append(
          { ...whole, entries: [], texts: [], head: genesis },
          { kind: "event-missed" },
          world.time.now,
        );
        world.table.set(name, texts);
      },
      ["trail-differs"],
    ],
    [
      "a case with an entry of the log's own",
      (world) => {
        const whole = caseOf(98, 1, world.time.now);
        keepChain(world, append(whole, { kind: "clock-went-back", from: 0 }, world.time.now));
      },
      ["trail-differs"],
    ],
    [
      "a case of a time that no calendar has",
      (world) => {
        const { name, texts } = caseOf(98, 1, world.time.now);
        world.table.set(
          name,
          texts.map((text) => text.replace(/"at":\d+/, '"at":9007199254740991')),
        );
      },
      ["trail-differs"],
    ],
    [
      "a case dated in the future",
      (world) => keepChain(world, caseOf(99, 3, world.time.now + 90 * hour)),
      ["post-dated"],
    ],
    // Not seen: nothing tells a false entry that is dated now from a true one. SECURITY.md says so.
    [
      "a false entry, dated now",
      (world) => keepChain(world, longer(caseOf(5, 4, h0 + 5 * hour + minute), world.time.now)),
      [],
    ],
  ])("is found: %s", async (_, attack, expected) => {
    const world = await createLogWorld();
    await passHours(world, 20);
    attack(world);
    await passHours(world, 10, 20);
    const report = await readCopy(world, await copyOf(world));
    expect(findingsOf(report)).toEqual(expected);
    expect(report.verdict).toBe(expected.length === 0 ? "whole" : "damaged");
  });

  it("is found five minutes after a closing of open cases, and not before any", async () => {
    for (const [logged, expected] of [
      [true, ["trail-differs"]],
      [false, []],
    ] as const) {
      const world = await loggedHours(2);
      const { sequence } = world.newSequencer();
      const begun = world.time.now;
      const chain = caseOf(77, 3, begun);
      keepChain(world, chain);
      if (logged) await sequence([{ name: chain.name, texts: chain.texts }]);
      world.time.now += 25 * minute;
      keepChain(world, caseOf(77, 4, begun, "OTHER"));
      world.time.now = h0 + 3 * hour + minute;
      await sequence([]);
      expect(findingsOf(await readCopy(world, await copyOf(world)))).toEqual(expected);
    }
  });
});

describe("what is done to the bucket while the stack runs", () => {
  it.each<[string, (world: LogWorld) => void, readonly LogFindingName[]]>([
    ["an object far in the future", ({ put }) => put(objectName(2_999_000_000), "garbage"), ["object-out-of-order"]],
    ["garbage under the very next number", ({ put }) => put(objectName(21), "garbage"), ["unreadable-object"]],
    [
      "an object of another log under the next number",
      ({ put, object }) => put(objectName(21), object(3).replace('"no":3', '"no":21')),
      ["batch-forked", "back-dated", "checkpoint-missing", "closing-missing", "link-broken", "unreadable-object"],
    ],
    [
      "a checkpoint before its object",
      ({ put }) => put(checkpointName(21), "garbage"),
      ["checkpoint-wrong", "object-out-of-order"],
    ],
  ])("does not stop the log, and is found: %s", async (_, attack, expected) => {
    const world = await createLogWorld();
    await passHours(world, 20);
    attack(world);
    await passHours(world, 10, 20);
    const report = await readCopy(world, await copyOf(world));
    expect(report.verdict).toBe("damaged");
    for (const name of findingsOf(report)) expect(expected).toContain(name);
    expect(findingsOf(report)).toContain(expected[0]);
    // The log went on: the last hour is logged, and signed.
    expect(report.covered?.[1]).toBe(world.time.now);
    expect(report.anchor?.size).toBe(report.entries);
  });

  it("is found: garbage that the log had passed over, exchanged for other garbage", async () => {
    const world = await loggedHours(5);
    world.put(objectName(6), "garbage");
    await passHours(world, 3, 5);
    const copy = changed(await copyOf(world), objectName(6), () => "garbagf");
    expect(findingsOf(await readCopy(world, copy))).toEqual(["batch-forked", "unreadable-object"]);
  });

  it("is found that nothing was logged for 11 hours, and that the clock went back", async () => {
    const world = await loggedHours(5);
    world.time.now += 11 * hour;
    await passHours(world, 3, 5);
    expect(findingsOf(await readCopy(world, await copyOf(world)))).toEqual(["closing-missing"]);
    world.time.now += 500 * hour;
    await passHours(world, 1, 8);
    world.time.now -= 500 * hour;
    await passHours(world, 3, 9);
    const found = findingsOf(await readCopy(world, await copyOf(world)));
    expect(found).toEqual(["clock-went-back", "closing-missing"]);
  });
});

describe("what is done to a copy", () => {
  const isCheckpoint = ({ name }: Copy[number]) => logNameIn(name)?.kind === "checkpoint";
  it.each<[string, (copy: Copy) => Copy, string, readonly LogFindingName[]]>([
    [
      "all checkpoints removed",
      (copy) => copy.filter((file) => !isCheckpoint(file)),
      "linked",
      ["checkpoint-unsigned", "not-covered-at-the-end"],
    ],
    [
      "a checkpoint removed",
      (copy) => copy.filter(({ name }) => name !== checkpointName(7)),
      "damaged",
      ["checkpoint-missing"],
    ],
    [
      "the last ten hours cut off",
      (copy) => copy.filter(({ name }) => (logNameIn(name)?.number ?? 0) <= 20),
      "linked",
      ["not-covered-at-the-end"],
    ],
    [
      "one byte of an old object changed",
      (copy) => changed(copy, objectName(7), (text) => text.replace("CONTROL_PLANE", "CONTROL_PLANT")),
      "damaged",
      ["batch-forked", "checkpoint-wrong", "link-broken"],
    ],
    [
      "an object removed",
      (copy) => copy.filter(({ name }) => name !== objectName(7)),
      "damaged",
      ["batch-forked", "link-broken", "object-missing", "closing-missing"],
    ],
    [
      "a case left out",
      (copy) =>
        changed(copy, objectName(7), (text) =>
          text
            .split("\n")
            .filter((line) => !line.includes('"chain":"arn'))
            .join("\n")
            .replace('"count":5', '"count":1'),
        ),
      "damaged",
      ["batch-forked", "checkpoint-wrong"],
    ],
    [
      "two objects swapped",
      (copy) => {
        const text = (n: number) =>
          Buffer.from(copy.find(({ name }) => name === objectName(n))?.bytes ?? []).toString();
        const [seven, eight] = [text(7), text(8)];
        return changed(
          changed(copy, objectName(7), () => eight),
          objectName(8),
          () => seven,
        );
      },
      "damaged",
      ["batch-forked", "checkpoint-wrong"],
    ],
  ])("is found: %s", async (_, attack, verdict, expected) => {
    const world = await loggedHours(30);
    const report = await readCopy(world, attack(await copyOf(world)));
    expect(report.verdict).toBe(verdict);
    expect(findingsOf(report)).toEqual(expect.arrayContaining([...expected]));
  });

  it("a log made again with the true key: is found by S3's times and by one older checkpoint, and not in a folder without them", async () => {
    const world = await loggedHours(10);
    const kept = (await copyOf(world)).find(({ name }) => name === checkpointName(4));
    const note = readNote(Buffer.from(kept?.bytes ?? []).toString());
    const since = note && readCheckpoint(note.text);
    if (since === undefined) throw new TypeError("no checkpoint");
    const again = forged(world, await copyOf(world), (lines) =>
      lines.map((line) => line.replaceAll("UNAVAILABLE", "UNAVAILABLF")),
    );
    // Chains that are made again as well hold: only the hours in between are known to nobody.
    const rewritten = await createLogWorld();
    for (let n = 0; n < 10; n++) {
      keepChain(rewritten, caseOf(n, 4, rewritten.time.now, "OTHER"));
      rewritten.time.now += hour;
      await rewritten.newSequencer().sequence([]);
    }
    const copy = forged(world, await copyOf(rewritten), (lines) => lines);
    expect(findingsOf(await readCopy(world, again))).toContain("link-broken");
    expect((await readCopy(world, copy)).verdict).toBe("whole");
    expect(findingsOf(await readCopy(world, copy, { since }))).toEqual(["inconsistent-with-older-checkpoint"]);
    const dated = copy.map((file) => ({ ...file, modifiedAt: world.time.now }));
    expect(findingsOf(await readCopy(world, dated))).toEqual(["clock-differs"]);
  });
});

describe("an entry that its own writer made wrong", () => {
  const first = (change: (line: string) => string) => (lines: readonly string[], number: number) =>
    number === 2 ? [change(lines[0] ?? ""), ...lines.slice(1)] : lines;
  it.each<[string, (line: string) => string, LogFindingName, string]>([
    [
      "names in another order",
      (line) => line.replace(/^\{("at":\d+),(.*)\}$/, "{$2,$1}"),
      "entry-malformed",
      "not-canonical",
    ],
    ["a name twice", (line) => line.replace('{"at"', '{"at":1,"at"'), "entry-malformed", "not-canonical"],
    [
      "half a character",
      (line) => line.replace('"guardVersion":"', '"guardVersion":"\\ud800'),
      "entry-malformed",
      "not-canonical",
    ],
    ["another spelling", (line) => line.replace("{", "{ "), "entry-malformed", "not-canonical"],
    ["no JSON", () => "{", "entry-malformed", "not-json"],
    ["JSON deeper than any stack", () => "[".repeat(30_000) + "]".repeat(30_000), "entry-malformed", "not-json"],
    [
      "an unknown kind",
      (line) => line.replace('"deletion-detected"', '"deletion-dejected"'),
      "entry-malformed",
      "unknown-kind",
    ],
    [
      "a hidden member",
      (line) => line.replace('"key":{', '"hidden":1,"key":{'),
      "entry-malformed",
      "wrong-shape: hidden",
    ],
    ["another number", (line) => line.replace('"seq":1', '"seq":2'), "link-broken", "wrong-seq"],
    ["another predecessor", (line) => line.replace('"prev":"0', '"prev":"1'), "link-broken", "wrong-prev"],
    [
      "another chain",
      (line) => line.replace(/#1","guard/, '#2","guard').replace('#1"', '#2"'),
      "link-broken",
      "no-beginning",
    ],
    ["the chain of the log", (line) => line.replace(/"chain":"[^"]*"/, '"chain":"log"'), "link-broken", "wrong-seq"],
  ])("is found: %s", async (_, change, finding, detail) => {
    const world = await loggedHours(3);
    const copy = await copyOf(world);
    const report = await readCopy(world, forged(world, copy, first(change)));
    expect(report.findings.map((each) => [each.finding, each.detail])).toContainEqual([finding, detail]);
    expect(report.verdict).toBe("damaged");
  });

  it("is found: invalid UTF-8, and a line longer than any entry", async () => {
    const world = await loggedHours(3);
    const copy = await copyOf(world);
    for (const bad of [Buffer.of(0xff), Buffer.from("x".repeat(60_001))]) {
      const damaged = copy.map(({ name, bytes }) =>
        name === objectName(2)
          ? { name, bytes: Buffer.concat([bytes.subarray(0, -2), bad, bytes.subarray(-2)]) }
          : { name, bytes },
      );
      expect(readObject(damaged.find(({ name }) => name === objectName(2))?.bytes ?? Buffer.alloc(0))).toBeUndefined();
      expect(findingsOf(await readCopy(world, damaged))).toContain("unreadable-object");
    }
  });

  it("is found: a chain that begins twice", async () => {
    const world = await loggedHours(3);
    const [line = ""] = caseOf(0, 1, h0 + minute).texts;
    const twice = forged(world, await copyOf(world), (lines, number) => (number === 3 ? [line, ...lines] : lines));
    expect(findingsOf(await readCopy(world, twice))).toEqual(["back-dated", "link-broken"].slice(1));
  });
});
