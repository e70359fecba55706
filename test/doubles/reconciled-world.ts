import { join } from "node:path";
import type { CliContext } from "../../cli/context.ts";
import { run } from "../../cli/run.ts";
import { verifierKeyText } from "../../lib/domain/log/verifier-key.ts";
import type { Reconciliation } from "../../lib/domain/reconcile/result.ts";
import { createTrailKey, TrailFiles } from "./cloudtrail-files.ts";
import { exportLog } from "./exported-log.ts";
import { createLogWorld, h0, hour, type LogWorld } from "./log-world.ts";
import { keepChain } from "./logged-cases.ts";
import { type Oddity, simulateDeletion } from "./simulated-deletions.ts";

/** The key of the trail of the tests. */
export const trailKey = createTrailKey(h0 - 24 * hour, h0 + 240 * hour);

/** A log and a trail over the same hours: each hour has one deletion, ten minutes in, with its oddity. */
export async function reconciledHours(odd: readonly Oddity[] = ["none", "none", "none"]) {
  const world = await createLogWorld({ at: h0 - 60_000 });
  const files = new TrailFiles(trailKey);
  const { sequence } = world.newSequencer();
  // The log is closed a minute before each hour.
  await sequence([]);
  for (const [n, oddity] of odd.entries()) {
    const start = h0 + n * hour;
    const { records, chains } = simulateDeletion(n, start + 600_000, oddity);
    for (const chain of chains) keepChain(world, chain);
    files.hour(start, records);
    world.time.now += hour;
    await sequence([]);
  }
  // Two hours more: what comes late, and the end of the time.
  for (let n = odd.length; n < odd.length + 2; n++) {
    files.hour(h0 + n * hour);
    world.time.now += hour;
    await sequence([]);
  }
  const time = { from: new Date(h0).toISOString(), to: new Date(h0 + odd.length * hour).toISOString() };
  return { world, files, time: { from: time.from.replace(".000", ""), to: time.to.replace(".000", "") } };
}

export type ReconciledWorld = Awaited<ReturnType<typeof reconciledHours>>;

/** Exports the log, writes the files, and runs the command on them. */
export async function runReconcile(
  { world, files, time }: ReconciledWorld,
  folder: string,
  { args = [], change = () => {}, keyless = false, timeless = false }: RunOptions = {},
) {
  const out = join(folder, "export");
  await exportLog(world, out);
  const paths = files.write(join(folder, "trail"), [trailKey.listed]);
  change(paths);
  const key = keyless ? [] : ["--key", verifierKeyText((world as LogWorld).key)];
  const proof = args.includes("--no-digests") ? [] : ["--digests", paths.digests, "--public-keys", paths.keys];
  const more = args.filter((arg) => arg !== "--no-digests");
  const times = timeless ? [] : ["--from", time.from, "--to", time.to];
  return await ran("audit", "reconcile", out, "--cloudtrail", paths.logs, ...proof, ...key, ...times, ...more);
}

interface RunOptions {
  readonly args?: readonly string[];
  /** Damages the files before they are read. */
  readonly change?: (paths: ReturnType<TrailFiles["write"]>) => void;
  readonly keyless?: boolean;
  /** Names no time. */
  readonly timeless?: boolean;
}

/** Runs a command, and collects what it prints. */
export async function ran(...args: readonly string[]) {
  const printed: string[] = [];
  const complained: string[] = [];
  const context: Partial<CliContext> = {
    ...{ version: "0.1.0", region: "us-east-1", colours: false, progress: () => {}, clock: () => h0 },
    print: (line) => void printed.push(line),
    printError: (line) => void complained.push(line),
  };
  const status = await run([...args], context as CliContext);
  return { status, out: printed.join("\n"), err: complained.join("\n") };
}

/** Returns the result that a command printed. */
export function resultIn({ out }: { readonly out: string }): Reconciliation {
  return JSON.parse(out) as Reconciliation;
}
