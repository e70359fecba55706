/**
 * How long a function's bundle takes to import in a fresh process, against what it is measured by: a bundle of the same SDK clients
 * alone for the guard (the floor that no guard on these clients can beat), a receiver of Slack's own framework with the same clients
 * for the approval function. Both sides in the same run, alternating; medians and spread.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";
import { settingNames } from "../functions/shared/settings.ts";
import { bundle, bundleFunctions, type FunctionName, root } from "../scripts/bundle.ts";

const rounds = 25;

interface Comparison {
  readonly name: Extract<FunctionName, "guard" | "approval">;
  readonly against: string;
  /** File of bench/floors. */
  readonly floor: string;
  readonly atMost: number;
}

const comparisons: readonly Comparison[] = [
  { name: "guard", against: "same SDK clients alone", floor: "guard-clients.ts", atMost: 1.1 },
  { name: "approval", against: "Bolt and the same clients", floor: "bolt-receiver.ts", atMost: 0.35 },
];

/** Bolt is CommonJS, and asks for Node's own modules by `require`. */
const withRequire: Plugin = {
  name: "with-require",
  setup({ initialOptions }) {
    const js = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;
    initialOptions.banner = { js };
  },
};

/** The environment that the template gives the function, as far as its import reads it. */
function environmentOf(name: Comparison["name"]): Record<string, string> {
  const url = "https://sqs.us-east-1.amazonaws.com/111122223333/queue";
  const names = settingNames(name).map((each) => [each, /URL|AUDIENCE/.test(each) ? url : "1"]);
  return {
    ...Object.fromEntries(names),
    AWS_REGION: "us-east-1",
    ACCOUNT_ID: "111122223333",
    SLACK_TEAM_ID: "T0BENCH",
    SLACK_APP_ID: "A0BENCH",
    AWS_LAMBDA_FUNCTION_NAME: name,
    POWERTOOLS_SERVICE_NAME: name,
    POWERTOOLS_METRICS_NAMESPACE: "Reprieve",
  };
}

function importMs(folder: string, env: Record<string, string>): number {
  const file = pathToFileURL(join(folder, "index.mjs")).href;
  const code = `const t = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - t); process.exit(0);`;
  const child = spawnSync(process.execPath, ["--input-type=module", "--eval", code], { env, encoding: "utf8" });
  if (child.status !== 0) throw new Error(child.stderr);
  return Number(child.stdout.trim().split("\n").at(-1));
}

interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN;
  return { median: at(0.5), low: at(0.1), high: at(0.9) };
}

function row(name: string, folder: string, { median, low, high }: Spread): void {
  const bytes = readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  const size = `${(bytes / 1000).toFixed(0).padStart(5)} KB`;
  console.log(
    `${name.padEnd(26)} ${size} ${median.toFixed(1).padStart(7)} ms  (${low.toFixed(1)} to ${high.toFixed(1)})`,
  );
}

function compare({ name, against, atMost }: Comparison, folder: string, floorFolder: string): void {
  const env = environmentOf(name);
  const times: { floor: number[]; own: number[] } = { floor: [], own: [] };
  for (let round = 0; round < rounds; round++) {
    times.floor.push(importMs(floorFolder, env));
    times.own.push(importMs(folder, env));
  }
  const [floor, own] = [spread(times.floor), spread(times.own)];
  row(against, floorFolder, floor);
  row(name, folder, own);
  const ratio = own.median / floor.median;
  const verdict = ratio <= atMost ? "reached" : "NOT reached";
  console.log(`ratio ${ratio.toFixed(3)}, target at most ${atMost.toFixed(2)}: ${verdict}\n`);
}

const dir = mkdtempSync(join(root, ".bench-"));
try {
  const folders = await bundleFunctions(resolve(root, "policy/policy.yaml"), dir);
  for (const comparison of comparisons) {
    const floorFolder = join(dir, "floors", comparison.name);
    await bundle(resolve(root, "bench/floors", comparison.floor), floorFolder, [withRequire]);
    compare(comparison, folders[comparison.name], floorFolder);
  }
} finally {
  rmSync(dir, { recursive: true });
}
