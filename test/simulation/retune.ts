import { plant } from "./planted/plant.ts";
import { plantedFaults } from "./planted/faults.ts";
import { storedPlan } from "./planted/planted-plans.ts";
import { play } from "./play.ts";
import { makeTools } from "./tools.ts";
const [name = "", count = "30"] = process.argv.slice(2);
const tools = await makeTools(`/tmp/retune-${name}`);
const fault = plantedFaults.find((each) => each.name === name);
if (fault === undefined) throw new Error("no such fault");
const broken = await plant(tools, fault.functions, fault.replacements);
const plan = storedPlan(name);
for (let seed = 1; seed <= Number(count); seed++) {
  const { violations } = await play({ ...plan, seed }, broken);
  console.log(seed, violations.join(" | ").slice(0, 120));
  if (violations.some((each) => fault.finds.test(each))) {
    const clean = await play({ ...plan, seed }, tools);
    console.log("clean", clean.violations);
    if (clean.violations.length === 0) break;
  }
}
process.exit(0);
