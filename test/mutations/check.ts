import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A change of meaning by hand: one patch, and the test file that must notice it. */
interface Mutation {
  readonly name: string;
  readonly patch: string;
  readonly breaks: string;
  readonly testFile: string;
}

type Outcome = "caught" | "SURVIVED" | "does not apply";

const root = join(import.meta.dirname, "../..");

/** Reads the patches, whose first line is `# <what it breaks> | <test file>`; of all, or of those that `names` begin. */
function mutationsNamed(names: readonly string[]): Mutation[] {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".patch"));
  const wanted = files.filter((file) => names.length === 0 || names.some((name) => file.startsWith(name)));
  return wanted.sort().map((file) => {
    const patch = readFileSync(join(import.meta.dirname, file), "utf8");
    const [, breaks, testFile] = /^# (.+) \| (test\/\S+\.test\.ts)\n/.exec(patch) ?? [];
    if (breaks === undefined || testFile === undefined) throw new Error(`${file}: expected \`# <what> | <test file>\``);
    return { name: file.replace(/\.patch$/, ""), patch, breaks, testFile };
  });
}

/** Copies the tree as git sees it, so that nothing that is worked on is ever mutated. */
function copyOfTree(): string {
  const copy = mkdtempSync(join(tmpdir(), "reprieve-mutations-"));
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z", "--deduplicate"], { cwd: root });
  for (const file of listed.toString().split("\0").filter(Boolean)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** Returns how many tests of `testFile` pass and fail in `copy`. */
function countTests(copy: string, testFile: string): { readonly passed: number; readonly failed: number } {
  const outputFile = join(copy, "report.json");
  const args = ["vitest", "run", "--bail", "1", "--reporter", "json", "--outputFile", outputFile, testFile];
  const env = { ...process.env, REPRIEVE_FEW_RUNS: "1" };
  rmSync(outputFile, { force: true });
  spawnSync("npx", args, { cwd: copy, env, stdio: "ignore" });
  const report = JSON.parse(readFileSync(outputFile, "utf8")) as { numPassedTests: number; numFailedTests: number };
  return { passed: report.numPassedTests, failed: report.numFailedTests };
}

function applies(copy: string, patch: string, ...flags: readonly string[]): boolean {
  return spawnSync("git", ["apply", "-C1", ...flags, "-"], { cwd: copy, input: patch }).status === 0;
}

function outcomeOf(copy: string, { patch, testFile }: Mutation): Outcome {
  if (!applies(copy, patch)) return "does not apply";
  // A file that cannot be loaded has no test that fails: such a patch is broken, and proves nothing.
  const { failed } = countTests(copy, testFile);
  if (!applies(copy, patch, "--reverse")) throw new Error("a patch cannot be taken back");
  return failed > 0 ? "caught" : "SURVIVED";
}

/** INVARIANT: a test file that fails without any mutation catches none. */
function refuseRed(copy: string, mutations: readonly Mutation[]): void {
  for (const testFile of new Set(mutations.map((mutation) => mutation.testFile))) {
    const { passed, failed } = countTests(copy, testFile);
    if (passed === 0 || failed > 0) throw new Error(`${testFile} is not green without a mutation`);
  }
}

const mutations = mutationsNamed(process.argv.slice(2));
const copy = copyOfTree();
const counts = { caught: 0, SURVIVED: 0, "does not apply": 0 };
try {
  refuseRed(copy, mutations);
  for (const mutation of mutations) {
    const outcome = outcomeOf(copy, mutation);
    counts[outcome] += 1;
    console.log(`${outcome}: ${mutation.name} (${mutation.breaks}; ${mutation.testFile})`);
  }
} finally {
  rmSync(copy, { recursive: true });
}
console.log(`${counts.caught} caught, ${counts.SURVIVED} survived, ${counts["does not apply"]} do not apply`);
process.exitCode = counts.caught === mutations.length ? 0 : 1;
