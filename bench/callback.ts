/**
 * How long the packaged approval function takes to answer a callback, over HTTP on the local world: in a fresh execution environment
 * (module cache warm, as the first run in this process compiles it) and in one that has run before, genuine and forged.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { asked } from "../local/demo/asked.ts";
import { Stage } from "../local/demo/stage.ts";
import { localParameters } from "../local/parameters.ts";
import { startWorld, type World } from "../local/world.ts";
import { root } from "../scripts/bundle.ts";
import { packageStack } from "../scripts/package.ts";

const coldRounds = 9;
const warmRounds = 100;

const outDir = mkdtempSync(join(tmpdir(), "reprieve-bench-"));
const policyFile = resolve(root, "local/policy.yaml");
const packaged = await packageStack({ policyFile, stage: "dev", parameters: localParameters, outDir });
const world = await startWorld({ ...packaged, port: 0 });
try {
  const { key, slack } = await asked(new Stage(world));
  const genuine = async () => await slack.press("mallory", key, "keep");
  const forged = async () => await slack.press("mallory", key, "keep", { signature: `v0=${"0".repeat(64)}` });
  for (const [name, call, expected] of [
    ["genuine, not counted", genuine, 200],
    ["forged", forged, 401],
  ] as const) {
    report(`${name}, cold`, await measure(coldRounds, call, expected, world));
    report(`${name}, warm`, await measure(warmRounds, call, expected));
  }
} finally {
  await world.stop();
  rmSync(outDir, { recursive: true });
}

async function measure(
  rounds: number,
  call: () => Promise<{ readonly status: number }>,
  expected: number,
  cold?: World,
): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    if (cold !== undefined) await cold.functions.get("approval")?.kill();
    const began = performance.now();
    const { status } = await call();
    times.push(performance.now() - began);
    if (status !== expected) throw new Error(`answered ${status}, not ${expected}`);
  }
  return times.sort((a, b) => a - b);
}

function report(name: string, times: readonly number[]): void {
  const at = (part: number) => (times[Math.floor((times.length - 1) * part)] ?? Number.NaN).toFixed(1).padStart(7);
  console.log(`${name.padEnd(26)} median ${at(0.5)} ms   99 % ${at(0.99)} ms   (${times.length} runs)`);
}
