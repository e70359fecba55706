import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256Hex } from "../../../lib/domain/ledger/canonical-json.ts";
import {
  type AnchoredHead,
  checkpointText,
  hoursToClose,
  makeCheckpoint,
  readCheckpoint,
  signedPart,
} from "../../../lib/domain/trail/checkpoint.ts";
import { readCheckpoints } from "../../../lib/domain/trail/checkpoint-chain.ts";
import { merkleRoot } from "../../../lib/domain/trail/merkle.ts";

const hour = 3_600_000;
/** 2024-05-27T19:00:00Z */
const h0 = 1_716_836_400_000;

describe("the hours that are to be closed", () => {
  const last = { hour: "2024-05-27T19:00:00.000Z" };

  it.each<[string, typeof last | undefined, number, readonly number[]]>([
    ["the last that is over, where there is none yet", undefined, h0 + 1, [h0 - hour]],
    ["none before the next is over", last, h0 + 2 * hour - 1, []],
    ["the next once it is", last, h0 + 2 * hour, [h0 + hour]],
    ["every one that was missed, in order", last, h0 + 4.5 * hour, [h0 + hour, h0 + 2 * hour, h0 + 3 * hour]],
    ["none where the clock was set back", last, h0 - 5 * hour, []],
  ])("are %s", (_, before, now, hours) => {
    expect(hoursToClose(before, now)).toEqual(hours);
  });

  it("are a hundred at a time after a long outage", () => {
    expect(hoursToClose(last, h0 + 1_000 * hour)).toHaveLength(100);
  });
});

describe("the Merkle root", () => {
  // The test vectors of RFC 6962's reference implementation (certificate-transparency, merkletree).
  const leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
  it.each([
    [0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    [1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"],
    [2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    [3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"],
    [4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    [5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"],
    [6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"],
    [7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"],
    [8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"],
  ])("of %i leaves is RFC 6962's", (n, root) => {
    expect(merkleRoot(leaves.slice(0, n).map((hex) => Buffer.from(hex, "hex").toString("latin1")))).toBe(root);
  });

  it("is another one for other leaves, or another order", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 20 }), fc.nat(), (texts, at) => {
        const n = at % texts.length;
        expect(merkleRoot(texts.with(n, `${texts[n]}x`))).not.toBe(merkleRoot(texts));
        expect(merkleRoot([...texts, ""])).not.toBe(merkleRoot(texts));
      }),
    );
  });
});

const head = (name: string, entries: number): AnchoredHead => ({
  case: name,
  entries,
  head: createHash("sha256").update(`${name} ${entries}`).digest("hex"),
});

/** Checkpoints hour after hour, each with what it anchors. */
function chain(...hours: readonly (readonly AnchoredHead[])[]): string[] {
  const texts: string[] = [];
  let [cases, entries] = [0, 0];
  for (const [n, changed] of hours.entries()) {
    cases += changed.length;
    entries += changed.reduce((sum, each) => sum + each.entries, 0);
    const at = h0 + n * hour;
    const closing = { hour: at, now: at + hour + 1000, before: texts.at(-1), changed, cases, entries };
    texts.push(checkpointText(makeCheckpoint(closing)));
  }
  return texts;
}

const four = chain([head("b", 2), head("a", 5)], [], [head("a", 7)], [head("c", 1)]);
const damageOf = (texts: readonly string[]) => readCheckpoints(texts).findings.map(({ damage }) => damage);

describe("a checkpoint", () => {
  it("names the one before it, anchors in the order of names, and says when it was made", () => {
    const [first = "", second = ""] = four;
    expect(readCheckpoint(first)).toMatchObject({
      ...{ hour: "2024-05-27T19:00:00.000Z", prev: "0".repeat(64), late: false, madeAt: h0 + hour + 1000 },
      ...{ heads: [head("a", 5), head("b", 2)], cases: 2, entries: 7 },
    });
    expect(readCheckpoint(second)).toMatchObject({ prev: sha256Hex(first), heads: [] });
  });

  it.each([
    [15 * 60_000, false],
    [15 * 60_000 + 1, true],
  ])("made %i ms after its hour is late: %s", (after, late) => {
    const closing = { hour: h0, before: undefined, changed: [], cases: 0, entries: 0 };
    expect(readCheckpoint(checkpointText(makeCheckpoint({ ...closing, now: h0 + hour + after })))).toMatchObject({
      late,
    });
  });

  it.each([
    ["no JSON", "{", "foreign"],
    ["null", "null", "foreign"],
    ["another tool's", '{"format":"x"}', "foreign"],
    ["a newer version", '{"format":"reprieve-checkpoint","version":2}', "newer"],
    ["a field too few", '{"format":"reprieve-checkpoint","version":1}', "changed"],
  ])("is not %s", (_, text, why) => {
    expect(readCheckpoint(text)).toBe(why);
  });

  it("with another root, spelling or field is changed", () => {
    const [text = ""] = four;
    const value = JSON.parse(text);
    expect(readCheckpoint(JSON.stringify({ ...value, root: "0".repeat(64) }))).toBe("changed");
    expect(readCheckpoint(` ${text}`)).toBe("changed");
    expect(readCheckpoint(JSON.stringify({ ...value, more: 1 }))).toBe("changed");
  });
});

describe("checkpoints hour after hour", () => {
  it("say what was anchored of each chain, and when they begin and end", () => {
    const { anchors, ...rest } = readCheckpoints(four);
    expect(rest).toEqual({
      ...{ findings: [], count: 4, late: 0, signed: 0 },
      span: ["2024-05-27T19:00:00.000Z", "2024-05-27T22:00:00.000Z"],
    });
    expect(anchors.get("a")).toEqual([head("a", 5), head("a", 7)]);
  });

  it("may begin anywhere: what came before is not judged", () => {
    expect(damageOf(four.slice(2))).toEqual([]);
  });

  it("of none are none", () => {
    expect(readCheckpoints([])).toMatchObject({ findings: [], count: 0 });
  });

  const [a = "", b = "", c = "", d = ""] = four;
  const [, otherB = "", ...afterOther] = chain([head("b", 2), head("a", 5)], [head("x", 1)], []);
  it.each<[string, readonly string[], readonly string[]]>([
    ["one is gone", [a, c, d], ["checkpoint-missing"]],
    ["one stands twice", [a, b, b, c], ["checkpoint-forked"]],
    ["two are swapped", [a, c, b, d], ["checkpoint-missing", "checkpoint-forked", "checkpoint-missing"]],
    ["one was exchanged: a fork", [a, otherB, c], ["checkpoint-forked"]],
    ["one hour has two: a fork", [a, b, otherB, ...afterOther], ["checkpoint-forked"]],
    ["one was changed", [a, b.replace("late", "lake"), c], ["checkpoint-changed"]],
  ])("show that %s", (_, texts, damage) => {
    expect(damageOf(texts)).toEqual(damage);
  });

  it("name the hour that is missing, and the line of one that cannot be read", () => {
    expect(readCheckpoints([a, c]).findings).toEqual([
      { damage: "checkpoint-missing", hour: "2024-05-27T20:00:00.000Z" },
    ]);
    expect(readCheckpoints([a, "{}"]).findings).toEqual([{ damage: "checkpoint-changed", hour: "line 2" }]);
    expect(readCheckpoints(["{}"])).toEqual({
      findings: expect.any(Array),
      anchors: new Map(),
      count: 1,
      late: 0,
      signed: 0,
    });
  });

  it("show fewer entries, although there are as many chains", () => {
    const closing = { hour: h0, now: h0 + hour, before: undefined, changed: [], cases: 9, entries: 90 };
    const before = checkpointText(makeCheckpoint(closing));
    const fewer = { ...closing, hour: h0 + hour, now: h0 + 2 * hour, before, entries: 89 };
    expect(damageOf([before, checkpointText(makeCheckpoint(fewer))])).toEqual(["checkpoint-rolled-back"]);
  });

  it("show a table that was rolled back: a chain with fewer entries than before, or fewer of all", () => {
    expect(damageOf(chain([head("a", 5)], [head("a", 3)]))).toEqual(["checkpoint-rolled-back"]);
    const closing = { hour: h0, now: h0 + hour, before: undefined, changed: [], cases: 9, entries: 90 };
    const before = checkpointText(makeCheckpoint(closing));
    const fewer = checkpointText(makeCheckpoint({ ...closing, hour: h0 + hour, now: h0 + 2 * hour, before, cases: 8 }));
    expect(damageOf([before, fewer])).toEqual(["checkpoint-rolled-back"]);
  });

  it("are held to a key only where one is given: each signed, and by that key", () => {
    const closing = { hour: h0, now: h0 + hour, before: undefined, changed: [], cases: 0, entries: 0 };
    const signature = { key: "k", algorithm: "ECDSA_SHA_256", value: "c2ln" } as const;
    const signed = checkpointText(makeCheckpoint(closing), signature);
    const checkpoint = readCheckpoint(signed);
    expect(typeof checkpoint === "string" ? "" : signedPart(checkpoint)).toBe(
      sha256Hex(checkpointText(makeCheckpoint(closing))),
    );
    expect(readCheckpoints([signed])).toMatchObject({ signed: 1, findings: [] });
    const damage = (text: string, holds: boolean) =>
      readCheckpoints([text], () => holds).findings.map((each) => each.damage);
    expect(damage(signed, true)).toEqual([]);
    expect(damage(signed, false)).toEqual(["checkpoint-wrong-signature"]);
    expect(damage(checkpointText(makeCheckpoint(closing)), true)).toEqual(["checkpoint-unsigned"]);
  });

  it("that were made late are counted", () => {
    const late = checkpointText(
      makeCheckpoint({ hour: h0, now: h0 + 9 * hour, before: undefined, changed: [], cases: 0, entries: 0 }),
    );
    expect(readCheckpoints([late])).toMatchObject({ late: 1, findings: [] });
  });
});
