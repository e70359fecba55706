import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { append, type Chain, emptyChain, genesis, readChain } from "../../../lib/domain/ledger/chain.ts";
import { caseChainName } from "../../../lib/domain/ledger/chain-name.ts";
import type { EntryBody } from "../../../lib/domain/ledger/entry.ts";
import { chainBefore, emptyCase } from "../../doubles/chain-names.ts";
import { deletionRequest, keyArn, paymentKey, t0 } from "../../doubles/key-world.ts";

const bodies: EntryBody[] = [
  {
    kind: "deletion-detected",
    case: { keyArn: keyArn(), generation: 1 },
    source: "event",
    guardVersion: "0.1.0",
    key: paymentKey(),
    deletePendingAt: t0 + 1,
    request: deletionRequest(),
  },
  { kind: "restore-intended", late: false },
  { kind: "key-restored", enabled: true, how: "answered", restoredAfterMs: 1500 },
  { kind: "key-usable", how: "answered", timeToUsableMs: 1500, despiteRule: false },
];
const emptyCaseOf = (generation: number) => emptyChain(caseChainName({ keyArn: keyArn(), generation }));
const chain = bodies.reduce<Chain>((soFar, body, n) => append(soFar, body, t0 + n), chainBefore(bodies[0]));

describe("append", () => {
  it("numbers entries from 1 and links each to the text before it", () => {
    const sha256 = (text: string | undefined) =>
      createHash("sha256")
        .update(text ?? "")
        .digest("hex");
    expect(chain.entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(chain.entries.map(({ at }) => at)).toEqual([t0, t0 + 1, t0 + 2, t0 + 3]);
    expect(chain.entries[0]?.prev).toBe(genesis);
    expect(chain.entries[1]?.prev).toBe(sha256(chain.texts[0]));
    expect(chain.entries[3]?.prev).toBe(sha256(chain.texts[2]));
    expect(chain.head).toBe(sha256(chain.texts[3]));
  });

  it("stores members in the order of RFC 8785", () => {
    expect(append(emptyCase, { kind: "restore-intended", late: true }, 7).texts).toEqual([
      `{"at":7,"chain":"${emptyCase.name}","kind":"restore-intended","late":true,"prev":"${genesis}","seq":1}`,
    ]);
  });
});

describe("readChain", () => {
  it("reads back what was appended", () => {
    expect(readChain(chain.texts, chain.name)).toEqual({ ok: true, chain });
  });

  const [first = "", second = "", third = "", fourth = ""] = chain.texts;
  it.each([
    ["nothing", [], 1, "empty"],
    ["a lost first entry", [second, third, fourth], 1, "wrong-seq"],
    ["a lost entry in the middle", [first, third, fourth], 2, "wrong-seq"],
    ["two entries swapped", [first, third, second, fourth], 2, "wrong-seq"],
    ["an entry twice", [first, second, second], 3, "wrong-seq"],
    ["a changed value", [first.replace("A486ED", "A486EE"), second, third, fourth], 2, "wrong-prev"],
    ["text that is no JSON", [first, "}"], 2, "not-json"],
    ["JSON that is no object", [first, "[]"], 2, "not-json"],
    ["null", ["null"], 1, "not-json"],
    ["white space between members", [first.replace(",", ", ")], 1, "not-canonical"],
    ["a kind of tomorrow", [first.replace("deletion-detected", "deletion-foretold")], 1, "unknown-kind"],
    ["a kind that is a name of Object", [first.replace("deletion-detected", "toString")], 1, "unknown-kind"],
    ["a number without end", [first.replace(/"at":\d+/, '"at":1e999')], 1, "not-canonical"],
    ["half a character", [first.replace("0.1.0", "\\ud800")], 1, "not-canonical"],
    [
      "a nesting deeper than the stack",
      [first.replace(/"at":\d+,/, `"at":1,"deep":${"[".repeat(20_000)}${"]".repeat(20_000)},`)],
      1,
      "not-canonical",
    ],
  ])("finds %s", (_, texts, seq, damage) => {
    expect(readChain(texts, chain.name)).toEqual({ ok: false, seq, damage });
  });

  it("names the member that has another form", () => {
    const text = first.replace(/"at":\d+/, '"at":"now"');
    expect(readChain([text], chain.name)).toEqual({ ok: false, seq: 1, damage: "wrong-shape", path: "at" });
  });

  it("refuses every entry of another chain, also a whole chain", () => {
    const elsewhere = bodies.reduce<Chain>((soFar, body, n) => append(soFar, body, t0 + n), emptyCaseOf(2));
    const moved = (texts: readonly string[], seq: number) =>
      expect(readChain(texts, chain.name)).toEqual({ ok: false, seq, damage: "wrong-chain" });
    moved(elsewhere.texts, 1);
    for (const [n, text] of elsewhere.texts.entries()) moved(chain.texts.with(n, text), n + 1);
    const nameless = first.replace(`"chain":"${chain.name}",`, "");
    moved([nameless], 1);
  });

  it("finds any change of a single byte, save one in the last entry that leaves it well formed: the head tells that one", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: chain.texts.join("").length - 1 }),
        fc.integer({ min: 32, max: 126 }),
        (place, code) => {
          const changed = replaceAt(chain.texts, place, String.fromCharCode(code));
          const reading = readChain(changed, chain.name);
          const same = changed.every((text, n) => text === chain.texts[n]);
          return same || !reading.ok || reading.chain.head !== chain.head;
        },
      ),
    );
  });

  it("is total on any text", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.json())),
        (texts) => typeof readChain(texts, chain.name).ok === "boolean",
      ),
    );
  });
});

function replaceAt(texts: readonly string[], place: number, character: string): string[] {
  let offset = place;
  return texts.map((text) => {
    const here = offset >= 0 && offset < text.length;
    const changed = here ? text.slice(0, offset) + character + text.slice(offset + 1) : text;
    offset -= text.length;
    return changed;
  });
}
