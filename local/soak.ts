import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import pc from "picocolors";
import { root } from "../scripts/bundle.ts";
import { optionsOrUsage } from "../scripts/options.ts";
import { packageStack } from "../scripts/package.ts";
import { Witness } from "./stories/invariants/witness.ts";
import { makePlan, type PlannedAct } from "./stories/soak/plan.ts";
import { SoakWorld } from "./stories/soak/soak-world.ts";
import { judge, type Verdict } from "./stories/soak/verdict.ts";
import { readCases } from "./world/case-reader.ts";
import { isOurs } from "./world/people.ts";
import { localSettings } from "./world/settings.ts";
import { startWorld, type World } from "./world/world.ts";

const usage = `usage: npm run soak [-- --minutes N] [-- --seed N] [-- --json]

Deletions, votes, faults, crashes, replays and clock jumps at random, against the packaged functions; then every invariant is checked.

  --minutes N   how long things happen, in minutes of real time (default 2); coming to rest takes up to a minute more
  --seed N      the same seed makes the same things happen at the same times (default: drawn, and printed)
  --json        the verdict as one JSON object (with npm run -s)

Exit code 0: no violation; 1: a violation, or the soak could not end; 2: usage.`;

/** How much faster than real time the world's clock runs. */
const speed = 10;
const minute = 60_000;
/** 2026-01-05T00:00:00Z, so that one seed means the same week days and hours every time. */
const beginning = 1_767_571_200_000;

const options = optionsOrUsage(usage, readOptions);
process.exitCode = (await soak(options.minutes, options.seed, options.json)) ? 0 : 1;

function readOptions(): { minutes: number; seed: number; json: boolean } | undefined {
  const { values } = parseArgs({
    options: { minutes: { type: "string" }, seed: { type: "string" }, json: { type: "boolean" } },
  });
  const minutes = Number(values.minutes ?? 2);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
  const sound = minutes > 0 && minutes <= 600 && Number.isSafeInteger(seed);
  return sound ? { minutes, seed, json: values.json ?? false } : undefined;
}

async function soak(minutes: number, seed: number, json: boolean): Promise<boolean> {
  const say = (text: string) => void (json || console.log(text));
  const plan = makePlan(seed, minutes * minute * speed);
  const digest = createHash("sha256").update(JSON.stringify(plan)).digest("hex").slice(0, 12);
  say(`seed ${seed}: ${plan.length} things are going to happen (plan ${digest})`);
  const outDir = await mkdtemp(join(tmpdir(), "reprieve-soak-"));
  const { templateFile, bundles } = await packageStack({
    policyFile: resolve(root, "local/stories/soak/policy.yaml"),
    stage: "dev",
    settings: localSettings,
    outDir,
  });
  const world = await startWorld({ templateFile, bundles, port: 0 });
  try {
    world.clock.jump(beginning - world.clock.now());
    world.clock.setSpeed(speed);
    const witness = new Witness(world);
    const soaked = new SoakWorld(world, seed);
    const calls: { at: number }[] = [];
    world.hub.observe((carried) => {
      // Counted on a clock that nobody sets back.
      if (carried.service === "control-plane" && isOurs(carried))
        calls.push({ at: world.clock.now() + soaked.setBackMs });
    });
    await play(plan, soaked, say);
    say("everything works again; until every case has ended:");
    await soaked.calm();
    const ended = await comeToRest(world, witness, say);
    const verdict = await judge(world, witness, calls);
    if (json) console.log(JSON.stringify({ seed, plan: digest, done: soaked.done, calls: calls.length, ...verdict }));
    else report(verdict, soaked.done, calls.length);
    return ended && verdict.violations.length === 0;
  } finally {
    await world.stop();
    rmSync(outDir, { recursive: true });
  }
}

/** Lets the acts happen at their times; the time that a jump skips does not count. */
async function play(plan: readonly PlannedAct[], soaked: SoakWorld, say: (text: string) => void): Promise<void> {
  const began = performance.now();
  let told = 0;
  for (const act of plan) {
    const due = act.at / speed;
    const elapsed = performance.now() - began;
    if (due > elapsed) await sleep(due - elapsed);
    soaked.perform(act);
    const tens = Math.floor(due / 10_000);
    if (tens > told)
      say(pc.dim(`  ${tens * 10} s: ${soaked.done["delete"] ?? 0} deletions, ${soaked.done["vote"] ?? 0} votes`));
    told = tens;
  }
}

/** A sweep every quarter of an hour, later every few hours, until nothing is left to do. Answers whether that came to pass. */
async function comeToRest(world: World, witness: Witness, say: (text: string) => void): Promise<boolean> {
  world.clock.setSpeed(speed * 10);
  for (let sweeps = 1; sweeps <= 400; sweeps++) {
    await world.settle({ advance: true });
    await world.sweep();
    await world.settle({ advance: true });
    if (sweeps % 10 === 0) {
      const open = await openCases(world, witness);
      say(pc.dim(`  ${sweeps} sweeps: ${open} cases are open`));
      if (open === 0) return true;
    }
    world.clock.jump(sweeps < 40 ? 15 * minute : 240 * minute);
    world.controlPlane.tick();
  }
  return false;
}

async function openCases(world: World, witness: Witness): Promise<number> {
  let open = world.controlPlane.keys().filter(({ KeyState }) => KeyState === "DELETE_PENDING").length;
  for (const keyArn of witness.keyArns)
    open += (await readCases(world, keyArn)).filter(({ state }) => state?.end === undefined).length;
  return open;
}

function report(verdict: Verdict, done: Readonly<Record<string, number>>, calls: number): void {
  const counted = Object.entries(done).map(([name, count]) => `${name} ${count}`);
  console.log(pc.dim(counted.join(", ")));
  const { keys, cases, entries, permitsUsed, ends, violations } = verdict;
  console.log(
    `${keys} keys, ${cases} cases, ${entries} entries, ${permitsUsed} permits used, ${calls} control-plane calls`,
  );
  console.log(
    Object.entries(ends)
      .map(([end, count]) => `${end} ${count}`)
      .join(", "),
  );
  for (const violation of violations.slice(0, 30)) console.log(pc.red(`✗ ${violation}`));
  console.log(
    violations.length === 0
      ? pc.green("✓ every invariant holds: I1 to I8")
      : pc.red(`✗ ${violations.length} violations`),
  );
}
