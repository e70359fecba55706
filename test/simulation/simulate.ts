import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pc from "picocolors";
import { optionsOrUsage } from "../../scripts/options.ts";
import { alarmTable } from "./alarms/alarms.ts";
import type { Clients } from "./bundle.ts";
import { planOf } from "./generate.ts";
import { differing, type Played } from "./hashes-elsewhere.ts";
import { here, Template } from "./local.ts";
import { hour, type Plan } from "./plan.ts";
import { plantedFaults } from "./planted/faults.ts";
import { playPlanted, storedPlan } from "./planted/planted-plans.ts";
import { type Outcome, play, type Tools } from "./play.ts";
import { kindOf, printStory, reportFailure } from "./report-failure.ts";
import { Summary } from "./summary.ts";
import { makeTools } from "./tools.ts";

const usage = `usage: npm run simulate -- [--doubles] [--seeds N] [--from S] [--twice] [--child] [--find PATTERN]
       npm run simulate -- [--doubles] --plan FILE
       npm run simulate -- [--doubles] --planted [--find PATTERN] | --alarms

Plays the whole stack under virtual time: people, faults, crashes and deployments, drawn from seeds or read from a plan.
A plan that violates a promise is shrunk, stored in .build/simulation and printed with the command that replays it.

  --seeds N       how many seeds (default 20)
  --from S        the first seed (default 1)
  --twice         plays each plan twice and compares the hashes of everything that happened
  --child         plays each plan in a second process as well, and compares the hashes
  --find PATTERN  counts only violations that match the regular expression, and stops at the first
  --doubles       runs the functions with doubles of the SDK's clients: no SDK, no HTTP, and some six times as many plans an hour
  --plan FILE     plays one stored plan instead, and prints its story
  --planted       plants each known fault in the code and checks that its stored plan finds it; with --find only those whose names match
  --alarms        prints for each alarm of the stack how many virtual minutes pass until it is mailed, at most, once its
                  metric shows the fault; what is looked at once an hour shows it up to an hour later

Exit code 0: no violation; 1: a violation, a run that does not replay, or a planted fault that is not found; 2: usage.`;

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly plan?: string;
  readonly find?: RegExp;
  readonly twice: boolean;
  readonly child: boolean;
  readonly planted: boolean;
  readonly alarms: boolean;
  readonly clients: Clients;
}

function readOptions(): Options | undefined {
  const [text, flag] = [{ type: "string" }, { type: "boolean" }] as const;
  const { values } = parseArgs({
    options: {
      seeds: text,
      from: text,
      plan: text,
      find: text,
      twice: flag,
      child: flag,
      planted: flag,
      alarms: flag,
      doubles: flag,
    },
  });
  const [seeds, from] = [Number(values.seeds ?? 20), Number(values.from ?? 1)];
  if (!Number.isSafeInteger(seeds) || !Number.isSafeInteger(from) || seeds < 1) return undefined;
  return {
    ...{ seeds, from, twice: values.twice ?? false, child: values.child ?? false },
    ...{
      planted: values.planted ?? false,
      alarms: values.alarms ?? false,
      clients: values.doubles === true ? "doubles" : "sdk",
    },
    ...(values.plan !== undefined && { plan: values.plan }),
    ...(values.find !== undefined && { find: new RegExp(values.find) }),
  };
}

async function playSeeds(options: Options, tools: Tools): Promise<number> {
  const summary = new Summary();
  const played: Played[] = [];
  for (let seed = options.from; seed < options.from + options.seeds; seed++) {
    const plan = planOf(seed);
    const { hash, isFailed } = await playSeed(plan, options, tools, summary);
    played.push({ plan, hash });
    if (isFailed && options.find !== undefined) break;
  }
  for (const line of summary.table()) console.log(pc.dim(line));
  console.log(summary.line());
  return summary.failed + (options.child ? differing(played, tools) : 0);
}

async function playSeed(
  plan: Plan,
  { find, twice }: Options,
  tools: Tools,
  summary: Summary,
): Promise<{ readonly hash: string; readonly isFailed: boolean }> {
  const outcome = await play(plan, tools);
  const replays = !twice || (await play(plan, tools)).hash === outcome.hash;
  const found = violationsOf(outcome, find);
  const isFailed = found.length > 0 || !replays;
  summary.add(plan, outcome, isFailed);
  const hours = `${Math.round(outcome.simulatedMs / hour)} h`.padStart(6);
  const mark = isFailed ? pc.red("✗") : pc.green("✓");
  const tail = replays ? "" : pc.red(" DOES NOT REPLAY");
  console.log(`${mark} seed ${plan.seed} ${hours} ${outcome.requests} requests ${outcome.hash}${tail}`);
  if (found.length > 0) await reportFailure(plan, find ?? kindOf(found), tools);
  return { hash: outcome.hash, isFailed };
}

function violationsOf({ violations }: Outcome, find: RegExp | undefined): readonly string[] {
  return find === undefined ? violations : violations.filter((violation) => find.test(violation));
}

async function playStored(file: string, tools: Tools): Promise<number> {
  const outcome = await play(JSON.parse(readFileSync(file, "utf8")) as Plan, tools);
  printStory(outcome);
  console.log(outcome.violations.length === 0 ? pc.green("no violation") : pc.red("violated"));
  return outcome.violations.length;
}

/** Returns how many planted faults are not found, or are found in code that does not have them. */
async function playAllPlanted(tools: Tools, find: RegExp = /./): Promise<number> {
  let missed = 0;
  const faults = plantedFaults.filter(({ name }) => find.test(name));
  if (faults.length === 0) throw new Error(`no planted fault is called like ${String(find)}`);
  for (const fault of faults) {
    const clean = (await play(storedPlan(fault.name), tools)).violations;
    const found = (await playPlanted(fault, tools)).violations;
    const isFound = clean.length === 0 && found.some((violation) => fault.finds.test(violation));
    missed += Number(!isFound);
    console.log(
      `${isFound ? pc.green("✓") : pc.red("✗")} ${fault.name.padEnd(36)} ${pc.dim(found[0] ?? "no violation")}`,
    );
    for (const violation of clean) console.log(pc.red(`    without the fault: ${violation}`));
  }
  console.log(`${faults.length} planted faults, ${missed} not found`);
  return missed;
}

function printAlarms({ templateFile }: Tools): void {
  const template = new Template(templateFile, { ...here, queueUrl: (name) => name, apiUrl: () => "" });
  for (const line of alarmTable(template)) console.log(line);
}

async function main(): Promise<void> {
  const options = optionsOrUsage(usage, readOptions);
  const outDir = mkdtempSync(join(tmpdir(), "reprieve-simulation-"));
  try {
    const tools = await makeTools(outDir, options.clients);
    const { plan, planted, alarms } = options;
    if (alarms) return printAlarms(tools);
    const failed = planted
      ? await playAllPlanted(tools, options.find)
      : plan === undefined
        ? await playSeeds(options, tools)
        : await playStored(plan, tools);
    process.exitCode = failed > 0 ? 1 : 0;
  } finally {
    rmSync(outDir, { recursive: true });
  }
}

await main();
