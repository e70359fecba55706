import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { filesOf } from "../../bench/page/write-page.ts";
import { readResults } from "../../bench/results.ts";
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
