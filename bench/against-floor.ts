import { spawnSync } from "node:child_process";

interface Measured {
  readonly ms: number;
  /** KB resident at the most. */
  readonly rss: number;
}

export interface Comparison {
  /** The bench itself, which does one way alone when called with `--only` and `--folder`. */
  readonly script: string;
  readonly folder: string;
  /** Our way, and what the two are called in the answer. */
  readonly way: string;
  readonly floorText: string;
  readonly target: number;
  readonly targetMb: number;
}

/** Three rounds of the floor and of our way, each in a process of its own; says the best of each, and exits with 1 for a missed target. */
export function compareWithFloor({ script, folder, way, floorText, target, targetMb }: Comparison): void {
  const rounds = [1, 2, 3].map(() => [measured(script, "floor", folder), measured(script, way, folder)] as const);
  const best = (which: 0 | 1) => Math.min(...rounds.map((round) => round[which].ms));
  const ratio = best(1) / best(0);
  const mb = Math.max(...rounds.map(([, { rss }]) => rss)) / 1024;
  console.log(`${floorText} ${best(0).toFixed(0)} ms, ${way} ${best(1).toFixed(0)} ms`);
  console.log(`ratio ${ratio.toFixed(3)}, target at most ${target}: ${ratio <= target ? "reached" : "missed"}`);
  console.log(`at most ${mb.toFixed(0)} MB resident, target ${targetMb} MB: ${mb <= targetMb ? "reached" : "missed"}`);
  if (ratio > target || mb > targetMb) process.exitCode = 1;
}

function measured(script: string, which: string, folder: string): Measured {
  const args = [script, "--only", which, "--folder", folder];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1e9 });
  const last = stdout.trimEnd().split("\n").at(-1) ?? "";
  if (!last.startsWith("{")) throw new Error(stderr);
  return JSON.parse(last) as Measured;
}

/** What a way that was done alone answers: how long since `began`, and in how much memory. */
export function tell(began: number): void {
  console.log(JSON.stringify({ ms: performance.now() - began, rss: process.resourceUsage().maxRSS }));
}
