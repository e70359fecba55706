import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnsOf, wrapped } from "../../cli/shell/wrap.ts";
import { keyHelp } from "../../local/terminal/keyboard.ts";

const widest = (text: string) => Math.max(...text.split("\n").map((line) => stripVTControlCharacters(line).length));

describe("a terminal of 60 columns", () => {
  it("shows the keys to press without breaking a line by itself", () => {
    expect(widest(keyHelp)).toBeGreaterThan(60);
    expect(widest(wrapped(keyHelp, 60))).toBeLessThanOrEqual(60);
  });

  it("loses no word, and no word is broken", () => {
    const text = fc
      .array(fc.string({ minLength: 1, maxLength: 20 }).filter((word) => !/\s/.test(word)))
      .map((all) => all.join(" "));
    fc.assert(
      fc.property(text, fc.integer({ min: 20, max: 100 }), (prose, columns) => {
        const shown = wrapped(prose, columns);
        expect(shown.split(/\s+/).join(" ")).toBe(prose.split(/\s+/).join(" "));
        expect(widest(shown)).toBeLessThanOrEqual(columns);
      }),
    );
  });

  it("keeps the indent of what is indented, and a word that is longer than a line", () => {
    expect(wrapped("  aaaa bbbb cccc", 11)).toBe("  aaaa bbbb\n  cccc");
    expect(wrapped("a http://127.0.0.1:4700/x b", 10)).toBe("a\nhttp://127.0.0.1:4700/x\nb");
  });

  it("is known by the terminal; a pipe has no end", () => {
    expect([columnsOf({ columns: 60 }), columnsOf({})]).toEqual([60, Number.POSITIVE_INFINITY]);
  });
});
