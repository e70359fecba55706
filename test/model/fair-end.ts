import { caseOf } from "../../lib/domain/case/fold.ts";
import { revocable } from "../../lib/workflows/guard/revoke-permits.ts";
import { finally_ } from "../../local/stories/invariants/invariants.ts";
import { keyArn } from "../doubles/key-world.ts";
import { brokenPromises } from "./evidence.ts";
import { runOut } from "./explore.ts";
import type { ModelWorld } from "./model-world.ts";

const quarter = 15 * 60_000;

/**
 * Everybody has the time to do his work: live runs end, events come once more, and a sweep comes every quarter of an hour, until every
 * case has ended or the key's time has come. Answers what is wrong then.
 */
export async function fairEnd(world: ModelWorld): Promise<void> {
  await runOut(world);
  // A dead run's claim is over after 40 s.
  world.pass(60_000);
  for (let hours = 0; hours < 24 * 8 && !(await isQuiet(world)); hours++) {
    world.sweep();
    await runOut(world);
    world.pass(hours < 8 ? quarter : 4 * quarter);
  }
}

async function isQuiet(world: ModelWorld): Promise<boolean> {
  const due = [...world.made.cases.items.values()].some(({ dueAt }) => dueAt !== undefined);
  return world.keys.state !== "DELETE_PENDING" && !due && world.isOver();
}

/** The key is alive and usable, and every case at its end and told. */
export async function livesInTheEnd(world: ModelWorld): Promise<readonly string[]> {
  await fairEnd(world);
  const alive = world.keys.state === "CREATE_COMPLETE" && world.keys.key.enabled;
  return [
    ...(alive ? [] : [`the key is ${world.keys.state}, enabled: ${world.keys.key.enabled}`]),
    ...(await wrongAtTheEnd(world)),
  ];
}

/** The key is gone, as it was allowed to, and nobody restored it. */
export async function diesInTheEnd(world: ModelWorld): Promise<readonly string[]> {
  await fairEnd(world);
  return [
    ...(world.keys.state === "GONE" ? [] : [`I2: the key is ${world.keys.state}`]),
    ...(await wrongAtTheEnd(world)),
  ];
}

/** Whatever happened to the key, the record says the same. */
export async function agreesInTheEnd(world: ModelWorld): Promise<readonly string[]> {
  await fairEnd(world);
  const last = world.made.cases.chains().at(-1);
  const end = last && caseOf(last).end;
  const gone = world.keys.state === "GONE";
  return [
    ...(gone === (end === "key-destroyed") ? [] : [`the key is ${world.keys.state}, the record says ${end}`]),
    ...(await wrongAtTheEnd(world)),
  ];
}

async function wrongAtTheEnd(world: ModelWorld): Promise<readonly string[]> {
  const { cases } = world.made;
  const { keep } = await cases.history(keyArn());
  const left = keep && revocable({ keep, clock: () => world.now }, await cases.permits(keyArn()));
  return [
    ...(left?.map(() => "a permit is usable although the key was kept after it was issued") ?? []),
    ...finally_.flatMap((holds) => holds(world.witnessed())),
    ...brokenPromises(world),
  ];
}
