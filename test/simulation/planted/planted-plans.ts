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

/** Plays the plan that finds a planted fault, on code that has it. */
export async function playPlanted({ name, functions, replacements }: PlantedFault, tools: Tools): Promise<Outcome> {
  return await play(storedPlan(name), await plant(tools, functions, replacements));
}
