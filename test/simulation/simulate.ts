import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import pc from "picocolors";
import { root } from "../../scripts/bundle.ts";
import { optionsOrUsage } from "../../scripts/options.ts";
import { planOf } from "./generate.ts";
import { hour, type Plan } from "./plan.ts";
import { type Outcome, play, type Tools } from "./play.ts";
import { shrink } from "./shrink.ts";
import { makeTools } from "./tools.ts";

const usage = `usage: npm run simulate -- [--seeds N] [--from S] [--plan FILE] [--find PATTERN] [--twice]

Plays the whole stack under virtual time: people, faults, crashes and deployments, drawn from seeds or read from a plan.

  --seeds N       how many seeds (default 20)
  --from S        the first seed (default 1)
  --plan FILE     plays one stored plan instead, and prints its story
  --find PATTERN  counts only violations that match the regular expression; stops at the first and shrinks it
  --twice         plays each plan twice and compares the hashes of everything that happened

Exit code 0: no violation; 1: a violation, or a run that does not replay; 2: usage.`;

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly plan?: string;
  readonly find?: RegExp;
  readonly twice: boolean;
}

function readOptions(): Options | undefined {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: { seeds: text, from: text, plan: text, find: text, twice: { type: "boolean" } },
  });
  const [seeds, from] = [Number(values.seeds ?? 20), Number(values.from ?? 1)];
  if (!Number.isSafeInteger(seeds) || !Number.isSafeInteger(from) || seeds < 1) return undefined;
  return {
    ...{ seeds, from, twice: values.twice ?? false },
    ...(values.plan !== undefined && { plan: values.plan }),
    ...(values.find !== undefined && { find: new RegExp(values.find) }),
  };
}

/** What all runs of one command came to. */
class Summary {
  runs = 0;
  failed = 0;
  simulatedMs = 0;
  requests = 0;
  readonly #began = process.cpuUsage();

  add({ simulatedMs, requests }: Outcome): void {
    this.runs += 1;
    this.simulatedMs += simulatedMs;
    this.requests += requests;
  }

  print(): void {
    const { user, system } = process.cpuUsage(this.#began);
    const seconds = (user + system) / 1e6;
    const hours = this.simulatedMs / hour;
    const speed = `${(hours / seconds).toFixed(1)} h and ${Math.round(this.requests / seconds)} requests per CPU second`;
    console.log(`${this.runs} runs, ${this.failed} failed; ${Math.round(hours)} h simulated, ${speed}`);
  }
}

async function playSeeds(options: Options, tools: Tools, summary: Summary): Promise<void> {
  for (let seed = options.from; seed < options.from + options.seeds; seed++) {
    const plan = planOf(seed);
    const outcome = await play(plan, tools);
    summary.add(outcome);
    const again = options.twice ? await play(plan, tools) : undefined;
    if (again !== undefined) summary.add(again);
    const replays = again === undefined || again.hash === outcome.hash;
    const found = violationsOf(outcome, options.find);
    const hours = `${Math.round(outcome.simulatedMs / hour)} h`.padStart(6);
    const mark = found.length === 0 && replays ? pc.green("✓") : pc.red("✗");
    console.log(
      `${mark} seed ${seed} ${hours} ${outcome.requests} requests ${outcome.hash}${replays ? "" : " DOES NOT REPLAY"}`,
    );
    if (!replays) summary.failed += 1;
    if (options.seeds === 1) printStory(outcome);
    if (found.length === 0) continue;
    summary.failed += 1;
    if (options.seeds > 1) for (const violation of found) console.log(pc.red(`    ${violation}`));
    if (options.find === undefined) continue;
    await shrinkAndStore(plan, options.find, tools);
    return;
  }
}

function violationsOf({ violations }: Outcome, find: RegExp | undefined): readonly string[] {
  return find === undefined ? violations : violations.filter((violation) => find.test(violation));
}

async function shrinkAndStore(plan: Plan, find: RegExp, tools: Tools): Promise<void> {
  const stillFails = async (candidate: Plan) => violationsOf(await play(candidate, tools), find).length > 0;
  const before = plan.acts.length + plan.faults.length;
  const { plan: small, runs } = await shrink(plan, stillFails);
  const folder = resolve(root, ".build/simulation");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `seed-${plan.seed}.json`);
  writeFileSync(file, `${JSON.stringify(small, undefined, 2)}\n`);
  console.log(`${before} acts and faults shrunk to ${small.acts.length + small.faults.length} in ${runs} runs:`);
  printStory(await play(small, tools));
  console.log(`replay: npm run simulate -- --plan ${relative(root, file)}`);
}

function printStory({ story, violations, ends, hash }: Outcome): void {
  for (const line of story) console.log(pc.dim(`  ${line}`));
  console.log(pc.dim(`  ends: ${JSON.stringify(ends)}, hash ${hash}`));
  for (const violation of violations) console.log(pc.red(`  ✗ ${violation}`));
}

async function main(): Promise<void> {
  const options = optionsOrUsage(usage, readOptions);
  const outDir = mkdtempSync(join(tmpdir(), "reprieve-simulation-"));
  try {
    const tools = await makeTools(outDir);
    const summary = new Summary();
    if (options.plan === undefined) await playSeeds(options, tools, summary);
    else {
      const outcome = await play(JSON.parse(readFileSync(options.plan, "utf8")) as Plan, tools);
      summary.add(outcome);
      summary.failed = Number(violationsOf(outcome, options.find).length > 0);
      printStory(outcome);
    }
    summary.print();
    process.exitCode = summary.failed > 0 ? 1 : 0;
  } finally {
    rmSync(outDir, { recursive: true });
  }
}

await main();
