import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sweeper } from "../../local/world/people.ts";
import type { World } from "../../local/world/world.ts";
import type { PackagedStack } from "../../scripts/package.ts";
import { lastLineOf } from "../alone.ts";
import type { Bench } from "../bench.ts";
import { withBundles } from "../cold/bundles.ts";
import { type Handled, processCode } from "../guard/process-code.ts";
import { compared, measured, type Result, type Target } from "../result.ts";
import { deleteAll, environmentIn, seedKeys, usableKeys, withPackaged, withWorld } from "./with-world.ts";

/** What is live has to fit into this heap: without a limit Node lets garbage lie for as long as the machine has room. */
const heap = ["--max-old-space-size=60", "--max-semi-space-size=2"];
const memoryTarget: Target = { figure: "value", atMost: 150 };
/** GetKey and RestoreKey; tags and aliases, which this policy reads where it does not know the requester; a page of ListKeys for a hundred. */
const callsTarget: Target = { figure: "value", atMost: 4.1 };

export const sweep: Bench = {
  name: "sweep",
  title: "A sweep, where every event was lost",
  about:
    "The packaged sweep in a process of its own with 60 MB of heap and no pace to keep, in a local world of 100 to 2,000 keys of which 1 % or all are pending and no event told. Its time is against GetKey and RestoreKey for each pending key bare, one after the other, and nothing on record. This policy reads tags and aliases of a key whose requester is not known, a call each. The rest is the table, an embedded DynamoDB in the process of the world.",
  measure: async ({ quick, progress }) =>
    await withPackaged(async (packaged) => {
      return await withBundles("local/policy.yaml", async ({ floor }) => {
        const bare = await floor("guard-calls.ts");
        const results: Result[] = [];
        for (const keys of quick ? [100] : [100, 500, 2_000])
          for (const share of [0.01, 1]) {
            const name = `${keys.toLocaleString("en-US")} keys, ${share * 100} % pending`;
            progress(`sweep: ${name}`);
            const measureIn = async (world: World) => await sweepOnce(world, packaged, bare, keys, share);
            results.push(...resultsOf(name, share, await withWorld(packaged, measureIn)));
          }
        return results;
      });
    }),
};

interface Swept {
  readonly pending: number;
  readonly own: Handled;
  readonly bare: Handled;
  readonly calls: number;
}

async function sweepOnce(
  world: World,
  packaged: PackagedStack,
  floor: string,
  count: number,
  share: number,
): Promise<Swept> {
  const keys = seedKeys(world, count);
  const pending = keys.slice(0, count * share);
  world.bus.delivery = () => [];
  deleteAll(world, pending);
  const env = { ...environmentIn(world, packaged, "sweep"), CONTROL_PLANE_CALLS_PER_SECOND: "1000000000" };
  const before = world.controlPlane.calls.length;
  const own = await handled(packaged.bundles.sweep, {}, env);
  const made = world.controlPlane.calls.slice(before);
  if (usableKeys(world) !== count) throw new Error(`${usableKeys(world)} of ${count} keys are usable`);
  deleteAll(world, pending);
  const rounds = pending.flatMap((KeyIdentifier) =>
    ["GetKey", "RestoreKey"].map((operation) => [{ operation, body: { KeyIdentifier } }]),
  );
  const bare = await handled(floor, rounds, env);
  const calls = made.filter(({ accessKeyId }) => accessKeyId === sweeper.accessKeyId).length;
  return { pending: pending.length, own, bare, calls };
}

async function handled(bundle: string, input: object, env: Readonly<Record<string, string>>): Promise<Handled> {
  const folder = mkdtempSync(join(tmpdir(), "reprieve-bench-"));
  const inputs = join(folder, "inputs.json");
  writeFileSync(inputs, JSON.stringify([input]));
  try {
    const args = [...heap, "--input-type=module", "--eval", processCode(bundle, inputs, 0)];
    return JSON.parse(await lastLineOf(args, env)) as Handled;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function resultsOf(name: string, share: number, { pending, own, bare, calls }: Swept): readonly Result[] {
  // Where few are pending, the pages of all keys weigh more than they do.
  const perKey = share === 1 ? { target: callsTarget } : {};
  return [
    compared({ name, unit: "ms", against: "GetKey and RestoreKey bare" }, own.done, bare.done),
    measured({ name: `${name}: calls per pending key`, unit: "calls", ...perKey }, [calls / pending]),
    measured({ name: `${name}: memory at the most`, unit: "MB", target: memoryTarget }, [own.megabytes]),
  ];
}
