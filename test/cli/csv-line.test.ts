import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvLine } from "../../cli/shell/csv-line.ts";

/** How a spreadsheet that splits lines at `separator` reads a line: quotes count at the beginning of a cell alone. */
function cellsOf(line: string, separator: string): string[] {
  const cells: string[] = [];
  let rest = line;
  for (;;) {
    const quoted = /^"((?:[^"]|"")*)"/.exec(rest);
    const cell = quoted?.[0] ?? rest.split(separator)[0] ?? "";
    cells.push(quoted?.[1]?.replaceAll('""', '"') ?? cell);
    rest = rest.slice(cell.length);
    if (!rest.includes(separator)) return cells;
    rest = rest.slice(rest.indexOf(separator) + 1);
  }
}

const hostile = fc.string({
  unit: fc.constantFrom(..."=+-@;,|\t\r\n\"' \u202e\u200b\uff1d\uff0b\uff0d\uff20\u001b"),
  maxLength: 12,
});

describe("a line of CSV", () => {
  it.each([
    ["=1+1", "'=1+1"],
    ["x;=1+1", "x;'=1+1"],
    ["x; =1+1", "x; '=1+1"],
    ["a,b", '"a,b"'],
    ['a,"b"', '"a,""b"""'],
    ["\t=1+1", "\\u{9}=1+1"],
    ["line\r\n=break", "line\\u{d}\\u{a}=break"],
    ["moc.\u202eevil", "moc.\\u{202e}evil"],
    ["\uff1dHYPERLINK()", "'\uff1dHYPERLINK()"],
  ])("with %j is %j", (text, expected) => {
    expect(csvLine([text])).toBe(expected);
  });

  it("keeps numbers, and leaves an absent value empty", () => {
    expect(csvLine([-5, undefined, 1.5])).toBe("-5,,1.5");
  });

  it("holds no formula for a spreadsheet that splits it at commas, semicolons or bars, and no control character", () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 5 }), (values) => {
        const line = csvLine(values);
        expect(line).not.toMatch(/[\p{Cc}\u202e\u200b]/u);
        for (const separator of [",", ";", "|"])
          for (const cell of cellsOf(line, separator)) expect(cell).not.toMatch(/^\s*[=+\-@\uff0b\uff0d\uff1d\uff20]/);
      }),
      { numRuns: 3000 },
    );
  });
});
