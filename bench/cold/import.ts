import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { FunctionName } from "../../scripts/bundle.ts";
import { lastLineOf } from "../alone.ts";
import type { Bench } from "../bench.ts";
import { compared, type Result, type Target } from "../result.ts";
import { type Bundles, withBundles } from "./bundles.ts";
import { environmentFor } from "./environment.ts";

interface Side {
  readonly against: string;
  /** File of bench/floors. */
  readonly floor: string;
  readonly credentials?: "default chain";
  readonly target?: Target;
}

const alone = (floor: string, target?: Target): Side => ({
  against: "its SDK clients alone",
  floor,
  ...(target && { target }),
});
const withChain = (floor: string): Side => ({
  against: "the same, default credential chain",
  floor,
  credentials: "default chain",
});
const empty: Side = { against: "an empty handler", floor: "empty.ts" };
const guardTarget: Target = { figure: "ratio", atMost: 1.1 };

/** Nobody waits for remediation to start. */
type Measured = Exclude<FunctionName, "remediation">;

const sides: Readonly<Record<Measured, readonly Side[]>> = {
  guard: [alone("guard-calls.ts", guardTarget), withChain("guard-calls.ts"), empty],
  approval: [alone("approval-clients.ts"), withChain("approval-clients.ts")],
  votes: [alone("votes-clients.ts"), withChain("votes-clients.ts")],
  notify: [alone("notify-clients.ts"), withChain("notify-clients.ts")],
  sweep: [alone("sweep-clients.ts"), withChain("sweep-clients.ts")],
};

export const coldImport: Bench = {
  name: "import",
  title: "Cold: import",
  about:
    "Import of each packaged bundle in a fresh process, against bundles made in the same way of its SDK clients and commands alone; of the same with the SDK's default credential chain, which ours replace; of an empty handler.",
  ifMissed: {
    guard:
      "A profile of ten processes says where the guard's 4 to 5 ms more go: the logger is made in 1.3 ms, the policy hashed, parsed and compiled in some 1.5 ms, and the rest is 70 KB more code to read (middy, logger, valibot, policy, workflows). What is not needed before the key is safe is loaded later already (ADR 0010).",
  },
  measure: async ({ quick, progress }) =>
    await withBundles("policy/policy.yaml", async (bundles) => {
      const results: Result[] = [];
      for (const name of ["guard", "approval", "votes", "notify", "sweep"] as const) {
        progress(`import: ${name}`);
        results.push(...(await measureOne(name, bundles, quick ? 3 : 25)));
      }
      return results;
    }),
};

async function measureOne(name: Measured, bundles: Bundles, rounds: number): Promise<readonly Result[]> {
  const env = environmentFor(name);
  const floors = await Promise.all(
    sides[name].map(async ({ floor, credentials }) => await bundles.floor(floor, credentials)),
  );
  const own: number[] = [];
  const others: number[][] = floors.map(() => []);
  for (let round = 0; round < rounds; round++) {
    own.push(await importMs(bundles.functions[name], env));
    for (const [n, folder] of floors.entries()) others[n]?.push(await importMs(folder, env));
  }
  return sides[name].map(({ against, target }, n) =>
    compared({ name, unit: "ms", against, ...(target && { target }) }, own, others[n] ?? []),
  );
}

async function importMs(folder: string, env: Readonly<Record<string, string>>): Promise<number> {
  const file = pathToFileURL(join(folder, "index.mjs")).href;
  const code = `
    const began = performance.now();
    await import(${JSON.stringify(file)});
    console.error(performance.now() - began);
    process.exit(0);`;
  return Number(await lastLineOf(["--input-type=module", "--eval", code], env));
}
