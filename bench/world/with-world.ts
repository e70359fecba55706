import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { account, region } from "../../local/world/people.ts";
import { localSettings } from "../../local/world/settings.ts";
import { startWorld } from "../../local/world/start-world.ts";
import { environmentOf } from "../../local/world/template/functions.ts";
import { Template } from "../../local/world/template/template.ts";
import type { World } from "../../local/world/world.ts";
import { type FunctionName, root } from "../../scripts/bundle.ts";
import { type PackagedStack, packageStack } from "../../scripts/package.ts";

/** What `work` makes of the packaged stack, which is gone afterwards. */
export async function withPackaged<Made>(work: (packaged: PackagedStack) => Promise<Made>): Promise<Made> {
  const outDir = mkdtempSync(join(tmpdir(), "reprieve-bench-"));
  try {
    const policyFile = resolve(root, "local/policy.yaml");
    return await work(await packageStack({ policyFile, stage: "dev", settings: localSettings, outDir }));
  } finally {
    rmSync(outDir, { recursive: true });
  }
}

/** What `work` makes of a world in which a deletion leaves its key enabled. */
export async function withWorld<Made>(packaged: PackagedStack, work: (world: World) => Promise<Made>): Promise<Made> {
  const world = await startWorld({ ...packaged, port: 0 });
  world.controlPlane.settings.deletionDisablesKey = false;
  try {
    return await work(world);
  } finally {
    await world.stop();
  }
}

/** The environment that the template gives a function, pointed at `world`. */
export function environmentIn(
  world: World,
  { templateFile }: PackagedStack,
  name: FunctionName,
): Record<string, string> {
  const options = {
    account,
    region,
    queueUrl: (queue: string) => `${world.endpoint}/${account}/${queue}`,
    apiUrl: () => world.endpoint,
  };
  const described = new Template(templateFile, options)
    .ofType("AWS::Lambda::Function")
    .find(({ properties }) => String(properties["FunctionName"]).endsWith(`-${name}`));
  return environmentOf(described?.properties ?? {}, name, world);
}
