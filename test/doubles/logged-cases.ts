import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { detection, toRestore } from "./case-builder.ts";
import { chainBefore } from "./chain-names.ts";
import { keyArn } from "./key-world.ts";
import { createLogWorld, hour, type LogWorld } from "./log-world.ts";

export const caseName = (n: number) => ({ keyArn: keyArn(`case${String(n).padStart(12, "0")}`), generation: 1 });

/** Case number `n` with so many entries: the first at `at` (ms), and one each second. */
export function caseOf(n: number, entries: number, at: number, code = "CONTROL_PLANE_UNAVAILABLE"): Chain {
  const first = detection({ case: caseName(n) });
  const more = Array.from(
    { length: Math.max(0, entries - 2) },
    (_, k): EntryBody => ({ kind: "effect-failed", effect: "restore", code, attempt: k + 1 }),
  );
  const bodies = [first, toRestore, ...more].slice(0, entries);
  return bodies.reduce<Chain>((chain, body, k) => append(chain, body, at + k * 1_000), chainBefore(first));
}

export const keepChain = ({ table }: LogWorld, chain: Chain) => void table.set(chain.name, chain.texts);

/** Lets so many hours pass: each brings a case with four entries, and ends with a closing. */
export async function passHours(world: LogWorld, hours: number, first = 0): Promise<void> {
  const { sequence } = world.newSequencer();
  for (let n = first; n < first + hours; n++) {
    keepChain(world, caseOf(n, 4, world.time.now));
    world.time.now += hour;
    await sequence([]);
  }
}

/** A log of so many hours, at the minute after the last closing. */
export async function loggedHours(hours: number, options: Parameters<typeof createLogWorld>[0] = {}) {
  const world = await createLogWorld(options);
  await passHours(world, hours);
  world.time.now += 60_000;
  return world;
}
