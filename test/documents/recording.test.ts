import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { linesOf, wrapped } from "../../scripts/recording/ansi.ts";
import { pictureFile, readSession, recordAgain, wordsOf } from "../../scripts/recording/session.ts";
import { terminalSvg } from "../../scripts/recording/terminal-svg.ts";

const plain = { bold: false, dim: false, color: undefined };

describe("the recording", () => {
  it("is drawn from the session on record (npm run recording -- --draw)", () => {
    expect(readFileSync(pictureFile, "utf8")).toBe(terminalSvg(readSession()));
  });

  it("shows what the command prints today, apart from times (npm run recording)", () => {
    const session = readSession();
    expect(wordsOf(session)).toBe(wordsOf(recordAgain(session)));
    expect(wordsOf(session)).toContain("key usable again after N s");
  });
});

describe("a terminal's output", () => {
  it("keeps its colors until they are reset", () => {
    expect(linesOf("a\u001b[1;31mb\nc\u001b[0md")).toEqual([
      [
        { ...plain, text: "a" },
        { text: "b", bold: true, dim: false, color: 31 },
      ],
      [
        { text: "c", bold: true, dim: false, color: 31 },
        { ...plain, text: "d" },
      ],
    ]);
  });

  it.each(["\u001b[2J", "\u001b[48m"])("is refused with the escape sequence %j", (sequence) => {
    expect(() => linesOf(`a${sequence}`)).toThrow(/^unknown /);
  });

  it("is broken at spaces, without a loss", () => {
    const rows = wrapped(
      [
        { ...plain, text: "  one two" },
        { ...plain, text: " three four" },
      ],
      10,
      3,
    );
    expect(rows.map((row) => row.map(({ text }) => text).join(""))).toEqual(["  one two", "   three", "   four"]);
  });

  it("shows markup as text", () => {
    const svg = terminalSvg({ title: 'a "b"', command: "x", output: "<script>&" });
    expect(svg).toContain(">&lt;script&gt;&amp;</tspan>");
    expect(svg).toContain('aria-label="a &quot;b&quot;"');
  });
});
