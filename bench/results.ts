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

/** Returns `results` with what was measured today in place of the same benches. */
export function withMeasured(results: Results, measured: readonly Measured[]): Results {
  const benches = results.benches.map((before) => {
    const now = measured.find(({ name }) => name === before.name);
    return now === undefined ? before : { ...now, measuredAt: today() };
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
