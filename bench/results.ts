import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, platform, totalmem } from "node:os";
import { resolve } from "node:path";
import { root } from "../scripts/bundle.ts";
import type { Measured } from "./measured.ts";

/** One whole run: bench/results.json, and all that docs/performance.md is made of. */
export interface Results {
  readonly measuredAt: string;
  readonly machine: string;
  readonly node: string;
  readonly seconds: number;
  readonly benches: readonly Measured[];
}

const file = resolve(root, "bench/results.json");

export function resultsOf(benches: readonly Measured[]): Results {
  const processor = cpus()[0]?.model.trim() ?? "a processor without a name";
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GB`;
  return {
    measuredAt: today(),
    machine: `${processor}, ${availableParallelism()} cores, ${memory}, ${platform()}`,
    node: process.version,
    seconds: benches.reduce((sum, { seconds }) => sum + seconds, 0),
    benches,
  };
}

/** Returns `results` with what was measured today: each bench of `names`, in their order, that was measured now or before. */
export function withMeasured(results: Results, measured: readonly Measured[], names: readonly string[]): Results {
  const benches = names.flatMap((wanted) => {
    const now = measured.find(({ name }) => name === wanted);
    if (now !== undefined) return [{ ...now, measuredAt: today() }];
    return results.benches.filter(({ name }) => name === wanted);
  });
  return { ...results, benches };
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

export function writeResults(results: Results): void {
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}

export function readResults(): Results {
  return JSON.parse(readFileSync(file, "utf8")) as Results;
}
