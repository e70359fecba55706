import type { CliContext } from "../../cli/context.ts";
import type { Place } from "../../cli/places/place.ts";
import type { SignIn } from "../../cli/places/places-context.ts";
import { run } from "../../cli/run.ts";
import { t0 } from "./key-world.ts";

/** Returns place number `n` of a file: an account of its own, in one Region. */
export function placeOf(n: number, over: Partial<Place> = {}): Place {
  const account = String(100_000_000_000 + n);
  return { name: `place-${n}`, account, region: "us-east-1", stage: "prod", ...over };
}

/** Returns the text of an accounts file with the places. */
export function accountsText(places: readonly Place[]): string {
  const listed = places.map(({ role, ...place }) => ({ ...place, ...(role && { roleArn: role.arn }) }));
  return JSON.stringify({ places: listed }, null, 2);
}

/** Timers that ring when a test says so. */
export function handTimers() {
  const running = new Map<() => void, number>();
  return {
    timer: (ms: number, ring: () => void) => {
      const own = () => ring();
      running.set(own, ms);
      return () => void running.delete(own);
    },
    /** ms of every timer that runs. */
    running: () => [...running.values()],
    ringAll: () => {
      for (const ring of [...running.keys()]) {
        running.delete(ring);
        ring();
      }
    },
  };
}

/** Signs in to the account that the file names. */
export const asNamed: SignIn = async ({ account }) => ({
  account,
  credentials: { accessKeyId: "AKIATEST", secretAccessKey: "s" },
});

/** Runs the command with `over` for a machine; returns its status and what it printed, in order. */
export async function ranAt(args: readonly string[], over: Partial<CliContext>) {
  const out: string[] = [];
  const err: string[] = [];
  const progress: string[] = [];
  const context: Partial<CliContext> = {
    ...{ version: "0.1.0", region: "us-east-1", colours: false, clock: () => t0, pause: async () => {} },
    ...{ endpoint: "https://api.example.com", signIn: async () => asNamed, timer: handTimers().timer },
    progress: (text) => void progress.push(text),
    print: (line) => void out.push(...line.split("\n")),
    printError: (line) => void err.push(...line.split("\n")),
    ...over,
  };
  const status = await run(args, context as CliContext);
  return { status, out, err, progress };
}
