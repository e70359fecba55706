import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { Measured } from "../../bench/measured.ts";
import { filesOf } from "../../bench/page/write-page.ts";
import { type Results, readResults, withMeasured } from "../../bench/results.ts";
import { root } from "../../scripts/bundle.ts";

const docs = resolve(root, "docs");
const files = filesOf(readResults());

describe("docs/performance.md", () => {
  it("and its charts say what bench/results.json says, and nothing that was written by hand", () => {
    const there = Object.fromEntries(
      Object.keys(files).map((path) => [path, readFileSync(resolve(docs, path), "utf8")] as const),
    );
    expect(there).toEqual(files);
    const charts = readdirSync(resolve(docs, "performance")).map((name) => `performance/${name}`);
    expect(Object.keys(files)).toEqual(expect.arrayContaining(charts));
  });
});

describe("what is measured again and kept", () => {
  const bench = (name: string, seconds: number): Measured => ({ name, title: name, about: "", seconds, results: [] });
  const before: Results = {
    ...{ measuredAt: "2026-11-26", machine: "a machine", node: "v24.0.0", seconds: 3 },
    benches: [bench("first", 1), bench("gone", 1), bench("third", 1)],
  };
  const secondsOf = ({ benches }: Results) => benches.map(({ name, seconds }) => [name, seconds]);

  it("takes the place of what was there, and its own place where nothing was", () => {
    const names = ["first", "second", "third"];
    expect(secondsOf(withMeasured(before, [bench("third", 7), bench("second", 8)], names))).toEqual([
      ["first", 1],
      ["second", 8],
      ["third", 7],
    ]);
  });

  it("says when, and leaves what was not measured as it was", () => {
    const [first, second] = withMeasured(before, [bench("second", 8)], ["first", "second"]).benches;
    expect(first).toEqual(bench("first", 1));
    expect(second?.measuredAt).toMatch(/^\d{4}-\d\d-\d\d$/);
  });
});
