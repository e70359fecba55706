import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cruise, type IConfiguration, type ICruiseResult } from "dependency-cruiser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

interface Fence {
  readonly name: string;
  readonly from: { readonly path?: string };
  readonly to: { readonly path?: string | readonly string[]; readonly pathNot?: string };
}

const config = createRequire(import.meta.url)("../../.dependency-cruiser.cjs") as Omit<IConfiguration, "forbidden"> & {
  readonly forbidden: readonly Fence[];
};

/** Fences of single modules, such as `domain-key` and `local-aws`: their `from` is one folder. */
const moduleFences = config.forbidden.filter(({ from }) => /^\^(lib\/\w+|local)\/[\w-]+\/$/.test(from.path ?? ""));
const folderOf = ({ from }: Fence) => (from.path ?? "").slice(1, -1);
const folders = moduleFences.map(folderOf);

/** A module of the same layer that `fence` forbids. */
function forbiddenBy(fence: Fence): string {
  const own = folderOf(fence);
  const allowed = new RegExp(fence.to.pathNot ?? "");
  const target = folders.find((folder) => dirname(folder) === dirname(own) && !allowed.test(`${folder}/planted.ts`));
  return target ?? `${dirname(own)}/no-module-of-ours`;
}

/** Imports between the folders of local/ that must never be: a fake knows no world, and no world knows who plays in it. */
const forbiddenInLocal = [
  ...["world", "stories", "console", "terminal"].flatMap((other) => [
    ["aws", other] as const,
    ["slack", other] as const,
  ]),
  ...["stories", "console", "terminal"].map((other) => ["world", other] as const),
  ...["console", "terminal"].map((other) => ["stories", other] as const),
  ...["console", "terminal"].map((own) => [own, own === "console" ? "terminal" : "console"] as const),
  ["aws", "slack"],
  ["slack", "aws"],
  ["clock", "aws"],
] as const;

let tree: string;
let violations: ReadonlySet<string>;
/** Each with the file it is in. */
let crossings: ReadonlySet<string>;

beforeAll(async () => {
  tree = mkdtempSync(join(tmpdir(), "reprieve-fences-"));
  const plant = (path: string, text: string) => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  };
  for (const folder of folders) plant(`${folder}/planted.ts`, "export const planted = 1;\n");
  for (const fence of moduleFences) {
    const own = folderOf(fence);
    const target = forbiddenBy(fence);
    plant(`${target}/planted.ts`, "export const planted = 1;\n");
    plant(`${own}/planted-${fence.name}.ts`, `import "../${target.split("/").at(-1)}/planted.ts";\n`);
  }
  plant("lib/domain/arn.ts", 'import "./key/planted.ts";\n');
  plant("lib/domain/key/planted-root.ts", 'import "../arn.ts";\nimport "../stray.ts";\n');
  plant("lib/domain/stray.ts", "export const stray = 1;\n");
  plant("lib/workflows/guard/planted-io.ts", 'import "node:fs";\nimport "../../aws/sts/planted.ts";\n');
  plant("lib/domain/key/planted-io.ts", 'import "node:fs";\n');
  plant("local/stray.ts", "export const stray = 1;\n");
  plant("local/new-folder/stray.ts", "export const stray = 1;\n");
  plant("local/world/planted-root.ts", 'import "../stray.ts";\nimport "../new-folder/stray.ts";\n');
  for (const [own, other] of forbiddenInLocal)
    plant(`local/${own}/planted-on-${other}.ts`, `import "../${other}/planted.ts";\n`);
  plant(
    "lib/aws/sts/planted-local.ts",
    'import "../../../local/world/planted.ts";\nimport "../../workflows/guard/planted.ts";\n',
  );
  plant("lib/slack/one.ts", 'import "./other.ts";\n');
  plant("lib/slack/other.ts", 'import "./one.ts";\n');
  plant("cli/cases/planted.ts", "export const planted = 1;\n");
  plant("cli/places/planted.ts", 'import "../cases/planted.ts";\n');
  plant("lib/notices/planted-io.ts", 'import "../aws/sts/planted.ts";\n');
  const { tsConfig: _tsConfig, ...options } = config.options ?? {};
  const ruleSet = config as IConfiguration;
  const { output } = await cruise(["lib", "local", "cli"], { ...options, ruleSet, validate: true, baseDir: tree });
  const found = (output as ICruiseResult).summary.violations;
  violations = new Set(found.map(({ rule }) => rule.name));
  crossings = new Set(found.map(({ rule, from }) => `${rule.name}: ${from}`));
}, 120_000);
afterAll(() => rmSync(tree, { recursive: true }));

describe("the fences between modules", () => {
  it("are twenty at least, one for each module", () => {
    expect(moduleFences.length).toBeGreaterThanOrEqual(20);
    expect(new Set(folders).size).toBe(moduleFences.length);
  });

  it.each(moduleFences.map(({ name }) => name))("report an import that %s may not have", (name) => {
    expect(violations).toContain(name);
  });

  it.each(forbiddenInLocal)("keep local/%s from importing local/%s", (own, other) => {
    expect(crossings).toContain(`local-${own}: local/${own}/planted-on-${other}.ts`);
  });

  it.each([
    "domain-root-stands-alone",
    "every-file-has-a-module",
    "local-root-holds-entries-only",
    "every-local-folder-is-fenced",
    "domain-is-pure",
    "workflows-know-ports-only",
    "adapters-know-the-domain-and-the-ports",
    "nothing-depends-on-the-local-world",
    "notices-are-pure",
    "many-places-know-no-command",
    "no-cycles",
    "no-circle-between-folders",
  ])("report what %s forbids", (name) => {
    expect(violations).toContain(name);
  });
});
