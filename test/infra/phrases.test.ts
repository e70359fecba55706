import { describe, expect, it } from "vitest";
import { phrasesIn } from "../../scripts/check-phrases.ts";

const found = (name: string, text: string) => phrasesIn(name, text).map(({ line, phrase }) => `${line} ${phrase}`);

describe("a banned phrase", () => {
  it("is found in comments, strings, templates and test titles, with its line", () => {
    const code = [
      "// Decided anew.",
      "/** Whoever deletes\n * a key is told. */",
      'it("refuses a time that is none", () => {});',
      "const text = `at the most 3 keys`;",
    ].join("\n");
    expect(found("a.ts", code)).toEqual(["1 anew", "2 Whoever", "3 is told", "4 that is none", "5 at the most"]);
  });

  it("is found in the text of a page and of JSX", () => {
    expect(found("a.md", "One\nfor ever\n")).toEqual(["2 for ever"]);
    expect(found("a.tsx", "const a = <p>somebody</p>;")).toEqual(["1 somebody"]);
  });

  it("is no name of code, and no part of a longer word", () => {
    expect(found("a.ts", "const anew = somebody.told; // renewed, foretold\n")).toEqual([]);
    expect(found("a.ts", 'import { x } from "./told-of.ts";')).toEqual([]);
  });

  it("comes with what to write instead", () => {
    expect(phrasesIn("a.md", "at the most")).toEqual([{ line: 1, phrase: "at the most", instead: "at most" }]);
  });
});
