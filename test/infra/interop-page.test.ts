import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { differences, differencesAsShipped } from "../interop/moto/differences.ts";

const page = readFileSync(new URL("../../docs/interop.md", import.meta.url), "utf8");

describe("the page on independent software", () => {
  it("names each difference once, with the number of tests behind it", () => {
    const all = [...differencesAsShipped.filter(({ difference }) => difference === "key-class"), ...differences];
    const counted = Map.groupBy(all, ({ difference }) => difference);
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \((\d+) tests?\b/gm)].map(([, name, tests]) => [
      name,
      Number(tests),
    ]);
    expect(rows).toEqual([...counted].map(([name, tests]) => [name, tests.length]));
  });

  it("counts the failures of both runs", () => {
    expect(page).toContain(`| as shipped | ${33 - differencesAsShipped.length} | ${differencesAsShipped.length} |`);
    expect(page).toContain(`| with keys that can exist | ${33 - differences.length} | ${differences.length} |`);
  });
});
