import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import pc from "picocolors";
import { root } from "../../scripts/bundle.ts";
import type { Plan } from "./plan.ts";
import type { Tools } from "./play.ts";

/** Returns the hash of each of `plans`, played in another process. Throws an Error if that process fails. */
export function hashesElsewhere(plans: readonly Plan[], { templateFile, clients }: Tools): readonly string[] {
  const script = resolve(root, "test/simulation/hash-of-plans.ts");
  const env = { ...process.env, TEMPLATE: templateFile, CLIENTS: clients };
  const child = spawnSync(process.execPath, [script], { input: JSON.stringify(plans), env });
  if (child.status !== 0) throw new Error(`the second process failed: ${child.stderr.toString("utf8")}`);
  return child.stdout.toString("utf8").trim().split("\n");
}

export interface Played {
  readonly plan: Plan;
  readonly hash: string;
}

/** Prints and returns how many plans another process plays differently. Throws an Error if that process fails. */
export function differing(played: readonly Played[], tools: Tools): number {
  const hashes = hashesElsewhere(
    played.map(({ plan }) => plan),
    tools,
  );
  const others = played.filter(({ hash }, n) => hash !== hashes[n]);
  for (const { plan } of others) console.log(pc.red(`✗ seed ${plan.seed} DOES NOT REPLAY in a second process`));
  console.log(`${played.length} plans in a second process, ${others.length} with another hash`);
  return others.length;
}
