import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callerOf, mallory } from "../../local/world/people.ts";
import type { World } from "../../local/world/world.ts";
import type { PackagedStack } from "../../scripts/package.ts";
import { lastLineOf } from "../alone.ts";
import { type Handled, processCode } from "../guard/process-code.ts";
import { environmentIn, withWorld } from "./with-world.ts";

/** What is live has to fit into this heap: without a limit Node lets garbage lie for as long as the machine has room. */
const heap = ["--max-old-space-size=60", "--max-semi-space-size=2"];

/** Returns the most memory (MB) of one sweep that finds `count` pending keys. */
export async function sweepMemory(packaged: PackagedStack, count: number): Promise<number> {
  return await withWorld(packaged, async (world) => {
    deleteKeys(world, count);
    const env = { ...environmentIn(world, packaged, "sweep"), CONTROL_PLANE_CALLS_PER_SECOND: "1000000000" };
    const { megabytes } = await handled(packaged.bundles.sweep, env);
    const usable = world.controlPlane
      .keys()
      .filter(({ KeyState, Enabled }) => KeyState === "CREATE_COMPLETE" && Enabled);
    if (usable.length !== count) throw new Error(`${usable.length} of ${count} keys are usable`);
    return megabytes;
  });
}

function deleteKeys({ bus, controlPlane }: World, count: number): void {
  bus.delivery = () => [];
  for (let n = 0; n < count; n++) {
    const KeyIdentifier = controlPlane.seed({ alias: `alias/bench/${n}` });
    const request = { KeyIdentifier, DeleteKeyInDays: 3 };
    controlPlane.handle("DeleteKey", request, callerOf(mallory.accessKeyId, "bench"));
  }
}

async function handled(bundle: string, env: Readonly<Record<string, string>>): Promise<Handled> {
  const folder = mkdtempSync(join(tmpdir(), "reprieve-bench-"));
  const inputs = join(folder, "inputs.json");
  writeFileSync(inputs, JSON.stringify([{}]));
  try {
    const args = [...heap, "--input-type=module", "--eval", processCode(bundle, inputs, 0)];
    return JSON.parse(await lastLineOf(args, env)) as Handled;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
