import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonBytes, wellFormed } from "../../lib/domain/well-formed.ts";

describe("text that is cut for the record", () => {
  it.each<[string, number, string]>([
    ["plain", 5, "plain"],
    ["plain", 4, "plai"],
    ["a一二", 4, "a一"],
    ["a一二", 3, "a"],
    ["a😀b", 5, "a😀"],
    ["a😀b", 4, "a"],
    ["\u0001\u0001", 11, "\u0001"],
    ['""""', 5, '""'],
    ["\ud800x", 3, "\ufffd"],
    ["x\ud83d", 4, "x\ufffd"],
    ["", 0, ""],
  ])("%j to %i bytes is %j", (text, max, cut) => {
    expect(wellFormed(text, max)).toBe(cut);
  });

  it("is as long as it can be, well formed, and never more than its bytes as JSON", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(60), (text, max) => {
        const cut = wellFormed(text, max);
        const whole = text.toWellFormed();
        expect(cut.isWellFormed()).toBe(true);
        expect(whole.startsWith(cut)).toBe(true);
        expect(jsonBytes(cut)).toBe(Buffer.byteLength(JSON.stringify(cut)) - 2);
        expect(jsonBytes(cut)).toBeLessThanOrEqual(max);
        const [next = ""] = whole.slice(cut.length);
        const character = String.fromCodePoint(whole.codePointAt(cut.length) ?? 0);
        if (next !== "") expect(jsonBytes(cut + character)).toBeGreaterThan(max);
      }),
    );
  });
});
