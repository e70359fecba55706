import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import pc from "picocolors";
import { root } from "../../scripts/bundle.ts";
import type { Plan } from "./plan.ts";
import { type Outcome, play, type Tools } from "./play.ts";
import { shrink } from "./shrink.ts";

export function printStory({ story, violations, ends, hash }: Outcome): void {
  for (const line of story) console.log(pc.dim(`  ${line}`));
  console.log(pc.dim(`  ends: ${JSON.stringify(ends)}, hash ${hash}`));
  for (const violation of violations) console.log(pc.red(`  ✗ ${violation}`));
}

/** Shrinks a plan that violates something matched by `find`, stores what is left, and prints its story and how to replay it. */
export async function reportFailure(plan: Plan, find: RegExp, tools: Tools): Promise<void> {
  const stillFails = async (candidate: Plan) =>
    (await play(candidate, tools)).violations.some((violation) => find.test(violation));
  const before = plan.acts.length + plan.faults.length;
  const { plan: small, runs } = await shrink(plan, stillFails);
  const folder = resolve(root, ".build/simulation");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `seed-${plan.seed}.json`);
  writeFileSync(file, `${JSON.stringify(small, undefined, 2)}\n`);
  const after = small.acts.length + small.faults.length;
  console.log(`  ${before} acts and faults shrunk to ${after} in ${runs} runs:`);
  printStory(await play(small, tools));
  console.log(`  replay: npm run simulate -- --plan ${relative(root, file)}`);
}

/** Returns a pattern for violations of the same kind as the first of `violations`. */
export function kindOf([first = ""]: readonly string[]): RegExp {
  return new RegExp(`^${first.split(":")[0]}:`);
}
