import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printableText, quoted } from "../../lib/domain/printable-text.ts";

describe("printableText", () => {
  it.each([
    ["plain text, with ä, 漢 and 😀", "plain text, with ä, 漢 and 😀"],
    ["\u001b[31mred", "\\u{1b}[31mred"],
    ["a\r\nb\tc", "a\\u{d}\\u{a}b\\u{9}c"],
    ["\u007f\u0085\u009b", "\\u{7f}\\u{85}\\u{9b}"],
    ["exe.\u202egnp", "exe.\\u{202e}gnp"],
    ["\u200b\u2066\ufeff\u2028\u2029", "\\u{200b}\\u{2066}\\u{feff}\\u{2028}\\u{2029}"],
    ["\ud800 alone, \udc00 too", "\\u{d800} alone, \\u{dc00} too"],
  ])("%j", (text, printable) => {
    expect(printableText(text)).toBe(printable);
  });

  it("cuts what is too long, and says so", () => {
    expect(printableText("abcdef", 3)).toBe("abc…");
    expect(printableText("abc", 3)).toBe("abc");
    expect(printableText("x".repeat(1000))).toBe(`${"x".repeat(200)}…`);
  });

  it("lets nothing through that a terminal would act on", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        (text) => !/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(printableText(text)),
      ),
    );
  });
});

describe("quoted", () => {
  it("cannot be closed from inside", () => {
    expect(quoted("a`b")).toBe("`a'b`");
    expect(quoted("x".repeat(100))).toBe(`\`${"x".repeat(80)}…\``);
  });
});
