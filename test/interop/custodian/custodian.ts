import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { custodianResults, type SideBySide, writeCustodianResults } from "../../../bench/page/custodian.ts";
import { callerOf, mallory } from "../../../local/world/people.ts";
import { localSettings } from "../../../local/world/settings.ts";
import { startWorld } from "../../../local/world/start-world.ts";
import type { World } from "../../../local/world/world.ts";
import { root } from "../../../scripts/bundle.ts";
import { packageStack } from "../../../scripts/package.ts";
import { equal, type Outcome, type Part } from "../part.ts";
import { custodianSide, guardSide, type Side, type Took, version } from "./sides.ts";

/** Hands the same DeleteKey events to Cloud Custodian and to the guard, in new processes, before one control plane. */
export const custodian: Part = { name: "custodian", software: `Cloud Custodian ${version}`, run };

const rounds = 9;

interface Round {
  readonly took: Took;
  readonly keyState: string;
  readonly calls: readonly string[];
}

async function run(): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "reprieve-interop-"));
  const policyFile = resolve(root, "local/policy.yaml");
  const stack = await packageStack({
    policyFile,
    stage: "dev",
    settings: localSettings,
    outDir: join(folder, "package"),
  });
  const world = await startWorld({ ...stack, port: 0 });
  try {
    const theirs = custodianSide(world, folder);
    const ours = guardSide(world, stack, folder, "none");
    const both: { ours: Round; theirs: Round }[] = [];
    for (let n = 0; n < rounds; n += 1) both.push(await sideBySide(world, ours, theirs));
    const paced = await sideBySide(world, guardSide(world, stack, folder, "deployed"), theirs);
    return outcomeOf(both, paced.ours.took.eventMs);
  } finally {
    await world.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Deletes a key once, and lets both react to the one event: Custodian first, as it leaves the key as it is. */
async function sideBySide(world: World, ours: Side, theirs: Side): Promise<{ ours: Round; theirs: Round }> {
  const events: object[] = [];
  world.bus.delivery = (envelope) => {
    events.push(envelope);
    return [];
  };
  const key = world.controlPlane.seed();
  world.controlPlane.handle(
    "DeleteKey",
    { KeyIdentifier: key, DeleteKeyInDays: 3 },
    callerOf(mallory.accessKeyId, "interop"),
  );
  const [event = {}] = events;
  return { theirs: await reaction(world, theirs, key, event), ours: await reaction(world, ours, key, event) };
}

async function reaction(world: World, side: Side, key: string, event: object): Promise<Round> {
  const before = world.controlPlane.calls.length;
  const took = await side.handle(event);
  const made = world.controlPlane.calls.slice(before).filter(({ accessKeyId }) => accessKeyId === side.accessKeyId);
  const { KeyState = "absent" } = world.controlPlane.keys().find(({ KeyArn }) => KeyArn === key) ?? {};
  return { took, keyState: KeyState, calls: made.map(({ operation }) => operation).sort() };
}

function outcomeOf(both: readonly { ours: Round; theirs: Round }[], pacedEventMs: number): Outcome {
  const results: SideBySide = {
    measuredAt: new Date().toISOString().slice(0, 10),
    version,
    rounds,
    ours: sideOf(both.map(({ ours }) => ours)),
    theirs: sideOf(both.map(({ theirs }) => theirs)),
    pacedEventMs,
    importRatio: medianOf(both.map(({ ours, theirs }) => ours.took.importMs / theirs.took.importMs)),
    eventRatio: medianOf(both.map(({ ours, theirs }) => ours.took.eventMs / theirs.took.eventMs)),
  };
  if (process.env["REPRIEVE_MEASURE"] === "1") writeCustodianResults(results);
  const documented = custodianResults();
  const { ours, theirs } = results;
  const figures = `import ${results.importRatio.toFixed(2)} x, first event ${results.eventRatio.toFixed(2)} x`;
  return {
    checks: [
      equal("the guard restores the key, with the documented calls", outcomeIn(ours), outcomeIn(documented.ours)),
      equal("Custodian leaves it pending, with the documented calls", outcomeIn(theirs), outcomeIn(documented.theirs)),
      { name: "both were measured (ratios of ours to theirs, medians)", holds: results.eventRatio > 0, found: figures },
    ],
    deviations: [],
  };
}

function outcomeIn({ keyStates, calls }: SideBySide["ours"]): unknown {
  return { keyStates, calls };
}

function sideOf(made: readonly Round[]): SideBySide["ours"] {
  return {
    keyStates: [...new Set(made.map(({ keyState }) => keyState))],
    calls: [...new Set(made.map(({ calls }) => calls.join(", ")))],
    importMs: medianOf(made.map(({ took }) => took.importMs)),
    eventMs: medianOf(made.map(({ took }) => took.eventMs)),
  };
}

function medianOf(figures: readonly number[]): number {
  return figures.toSorted((one, other) => one - other)[Math.floor(figures.length / 2)] ?? Number.NaN;
}
