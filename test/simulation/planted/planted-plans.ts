import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { root } from "../../../scripts/bundle.ts";
import type { Plan } from "../plan.ts";
import { type Outcome, play, type Tools } from "../play.ts";
import type { PlantedFault } from "./faults.ts";
import { plant } from "./plant.ts";

const folder = resolve(root, "test/simulation/regressions");

/** Names of the stored plans. */
export const storedPlans: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -".json".length))
  .sort();

export function storedPlan(name: string): Plan {
  return JSON.parse(readFileSync(resolve(folder, `${name}.json`), "utf8")) as Plan;
}

/** How many seeds a plan is played with: which step meets which is drawn from the seed, and any change of the code draws differently. */
const seeds = 12;

/** Plays the plan that finds a planted fault on code that has it, with one seed after the other until it is found. Returns the last outcome. */
export async function playPlanted(
  { name, functions, replacements, finds }: PlantedFault,
  tools: Tools,
): Promise<Outcome> {
  const planted = await plant(tools, functions, replacements);
  const plan = storedPlan(name);
  for (let seed = plan.seed; ; seed++) {
    const outcome = await play({ ...plan, seed }, planted);
    if (seed === plan.seed + seeds - 1 || outcome.violations.some((violation) => finds.test(violation))) return outcome;
  }
}
