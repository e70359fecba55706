import { existsSync, globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../scripts/bundle.ts";

/** Paths that are placeholders, or lie in another repository. */
const elsewhere: readonly string[] = ["deploy/<stage>.yaml", "lib/aws/credentials.js"];
const folders = [
  "bench",
  "cli",
  "deploy",
  "docs",
  "events",
  "functions",
  "lib",
  "local",
  "policy",
  "resources",
  "scripts",
  "test",
];
const repositoryPath = new RegExp(`^(${folders.join("|")})/[^\\s*]+$`);

const pages = globSync(["*.md", `{${folders.join(",")}}/**/*.md`], { cwd: root }).sort();

function pathsIn(page: string): readonly string[] {
  const text = readFileSync(resolve(root, page), "utf8");
  const quoted = [...text.matchAll(/`([^`\n]+)`/g)].map(([, path = ""]) => path.replace(/#.*$/, ""));
  return quoted.filter((path) => repositoryPath.test(path) && !elsewhere.includes(path));
}

describe("a page of this repository", () => {
  it.each(["ARCHITECTURE.md", "README.md", "SECURITY.md", "docs/runbook.md"])("%s is among those read", (page) => {
    expect(pages).toContain(page);
  });

  it.each(pages)("%s names only paths that exist", (page) => {
    expect(pathsIn(page).filter((path) => !existsSync(resolve(root, path)))).toEqual([]);
  });

  it("is read for the paths that it names in backticks", () => {
    expect(pathsIn("SECURITY.md")).toContain("test/aws/caller-proof.test.ts");
    expect(pathsIn("ARCHITECTURE.md")).toContain("lib/domain/plan/next-step.ts");
  });
});
