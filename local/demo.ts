import { existsSync, rmSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import pc from "picocolors";
import { exportTrail } from "../cli/trail/export-trail.ts";
import { readLogFiles } from "../cli/trail/log-source.ts";
import { readTrails } from "../cli/trail/trail-source.ts";
import type { Entry } from "../lib/domain/ledger/entry.ts";
import { verifierKeyText } from "../lib/domain/log/verifier-key.ts";
import { printableText, quoted } from "../lib/domain/printable-text.ts";
import { recordSentence } from "../lib/notices/entry-sentence.ts";
import { bundleFunctions, root } from "../scripts/bundle.ts";
import { OptionError, optionsOrUsage } from "../scripts/options.ts";
import { packageStack } from "../scripts/package.ts";
import { DemoWorld } from "./stories/demo/demo-world.ts";
import type { Scenario } from "./stories/demo/scenario.ts";
import { scenarios } from "./stories/demo/scenarios.ts";
import { always, withinRoles } from "./stories/invariants/invariants.ts";
import type { Witness } from "./stories/invariants/witness.ts";
import { region } from "./world/people.ts";
import { localSettings } from "./world/settings.ts";
import { logKeyOf } from "./world/signing-key.ts";
import { startWorld } from "./world/start-world.ts";
import type { World } from "./world/world.ts";

const usage = `usage: npm run demo [-- --json] [-- --only SCENARIO] [-- --export DIR]

  --json            one JSON object per scenario and line (with npm run -s)
  --export DIR      leave the audit trail of all that was played in a new folder (reprieve audit verify|report)
  --only SCENARIO   run this one only; may be repeated: ${scenarios.map(({ name }) => name).join(", ")}`;

/** How long (ms) people in Slack wait for an answer: three seconds in the real one, more on a busy machine. */
const slackTimeoutMs = 120_000;

/** Hears every entry that is published while a scenario plays. */
let storyteller: (entry: Entry) => void = () => {};

const options = optionsOrUsage(usage, readOptions);
process.exitCode = (await play(options.chosen, options.json, options.exportTo)) ? 0 : 1;

function readOptions(): { json: boolean; chosen: readonly Scenario[]; exportTo: string | undefined } {
  const { values } = parseArgs({
    options: { json: { type: "boolean" }, only: { type: "string", multiple: true }, export: { type: "string" } },
  });
  const { only = [], export: exportTo } = values;
  const unknown = only.find((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown !== undefined) throw new OptionError(`there is no scenario ${quoted(unknown)}`);
  if (exportTo !== undefined && existsSync(exportTo))
    throw new OptionError(`${quoted(exportTo)} exists already: name a new folder`);
  const chosen = scenarios.filter(({ name }) => only.length === 0 || only.includes(name));
  return { json: values.json ?? false, chosen, exportTo };
}

/** Plays the scenarios one after another; answers whether every one ended as it should. */
async function play(chosen: readonly Scenario[], json: boolean, exportTo: string | undefined): Promise<boolean> {
  const workDir = await mkdtemp(join(tmpdir(), "reprieve-demo-"));
  const policyFile = resolve(root, "local/policy.yaml");
  const { templateFile } = await packageStack({
    policyFile,
    stage: "dev",
    settings: localSettings,
    outDir: join(workDir, "package"),
  });
  const worlds = new Map<boolean, World>();
  const worldFor = async (observe: boolean) => {
    const world = worlds.get(observe) ?? (await openWorld(observe, policyFile, templateFile, workDir));
    worlds.set(observe, world);
    return world;
  };
  try {
    let well = 0;
    for (const scenario of chosen) {
      const ok = await playOne(scenario, await worldFor(scenario.observe ?? false), json);
      if (ok) well += 1;
    }
    if (!json) {
      const summary = `${well} of ${chosen.length} scenarios ended as they should`;
      console.log(well === chosen.length ? pc.green(`\n✓ ${summary}`) : pc.red(`\n✗ ${summary}`));
    }
    const enforcing = worlds.get(false);
    if (exportTo !== undefined && enforcing !== undefined) await leaveTrail(enforcing, exportTo, json);
    return well === chosen.length;
  } finally {
    for (const world of worlds.values()) await world.stop();
    rmSync(workDir, { recursive: true });
  }
}

async function leaveTrail(world: World, out: string, json: boolean): Promise<void> {
  const { tableName, endpoint, clock } = world;
  // An hour later everything that was played is in the log.
  clock.jump(3_600_000);
  await world.sweep();
  const stack = { stage: "dev", region, endpoint };
  const options = { out, source: "npm run demo", now: clock.now(), progress: () => {} };
  const table = readTrails({ table: tableName, region, endpoint });
  const exported = await exportTrail(readLogFiles(stack), table, options);
  if (json) return;
  const { objects, chains, digest } = exported;
  console.log(`${objects} objects of the log with ${chains} chains are in ${out}, digest ${digest}`);
  console.log(`verify it with --key ${verifierKeyText(logKeyOf(world))}`);
}

async function openWorld(observe: boolean, policyFile: string, templateFile: string, workDir: string): Promise<World> {
  const text = await readFile(policyFile, "utf8");
  const file = join(workDir, observe ? "observe.yaml" : "enforce.yaml");
  await writeFile(file, observe ? text.replace(/^mode: .*$/m, "mode: observe") : text);
  const bundles = await bundleFunctions(file, join(workDir, observe ? "observe" : "enforce"));
  const world = await startWorld({ templateFile, bundles, port: 0, slackTimeoutMs });
  world.bus.observe(world.busName, (envelope) => {
    const { entry } = (envelope as { detail: { entry?: Entry } }).detail;
    if (entry !== undefined) storyteller(entry);
  });
  return world;
}

async function playOne(scenario: Scenario, world: World, json: boolean): Promise<boolean> {
  const demoWorld = new DemoWorld(world);
  let told = 0;
  let first: number | undefined;
  const printEntry = (entry: Entry) => {
    told += 1;
    first ??= entry.at;
    if (told <= 12) console.log(`  ${pc.dim(since(first, entry.at).padStart(9))}  ${recordSentence(entry, pc)}`);
    if (told === 13) console.log(pc.dim("             ... and so on for every key"));
  };
  if (!json) {
    console.log(`\n${pc.bold(scenario.name)}\n  ${scenario.story}`);
    storyteller = printEntry;
  }
  const { ending, checks: own, shown = [] } = await scenario.run(demoWorld);
  if (!json) for (const line of shown) console.log(`  ${pc.yellow("mail")}  ${printableText(line, 300)}`);
  const violations = (await violationsOf(world, demoWorld.witness)).filter(
    (violation) => !scenario.beyondHelp || !violation.startsWith("I1"),
  );
  const checks = [...own, [["the invariants hold", ...violations].join(": "), violations.length === 0] as const];
  demoWorld.close();
  const ok = checks.every(([, holds]) => holds);
  if (json)
    console.log(
      JSON.stringify({ scenario: scenario.name, ok, ...ending, ...(ok ? {} : { failed: failedOf(checks) }) }),
    );
  else report(ok, failedOf(checks), ending.controlPlaneCalls);
  return ok;
}

/** What must hold at every moment, of every key of the scenario and of the world. */
async function violationsOf(world: World, witness: Witness): Promise<readonly string[]> {
  const seen = await Promise.all(witness.subjects.map(async (keyArn) => await witness.witnessed(keyArn)));
  return [...seen.flatMap((each) => always.flatMap((holds) => holds(each))), ...withinRoles(world.hub.denied)];
}

function since(first: number, at: number): string {
  const seconds = Math.max(0, at - first) / 1000;
  return seconds < 3600 ? `+${seconds.toFixed(1)} s` : `+${(seconds / 86_400).toFixed(1)} days`;
}

function failedOf(checks: readonly (readonly [string, boolean])[]): string[] {
  return checks.filter(([, holds]) => !holds).map(([text]) => text);
}

function report(ok: boolean, failed: readonly string[], calls: Readonly<Record<string, number>>): void {
  const counted = Object.entries(calls).map(([operation, count]) => `${operation} ${count}`);
  console.log(
    `  ${ok ? pc.green("✓ as it should be") : pc.red("✗ not as it should be")}  ${pc.dim(counted.join(", "))}`,
  );
  for (const text of failed) console.log(pc.red(`    not so: ${text}`));
}
