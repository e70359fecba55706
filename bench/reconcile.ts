import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { reconciled as reconcileExport } from "../cli/reconcile/run-reconcile.ts";
import { keepMemorySteady } from "../cli/shell/steady-memory.ts";
import { root } from "../scripts/bundle.ts";
import { createTrailKey, TrailFiles } from "../test/doubles/cloudtrail-files.ts";
import { t0 } from "../test/doubles/key-world.ts";
import { compareWithFloor } from "./against-floor.ts";
import type { Bench } from "./bench.ts";
import { unpackedAndParsed } from "./replay.ts";
import { keyOfCase, withExport } from "./trails.ts";

const recordsPerFile = 2_000;
/** One record in so many is a DeleteKey. */
const oneIn = 1_000;
const hourMs = 3_600_000;
const start = t0 - (t0 % hourMs);

export const reconcile: Bench = {
  name: "reconcile",
  title: "An export is compared with CloudTrail",
  about:
    "`reprieve audit reconcile` of a million records in signed log files, one in a thousand a DeleteKey with a case in the export, against gunzip and JSON.parse of the same files alone; each in a process of its own.",
  measure: async (effort) => {
    const records = effort.entries ?? (effort.quick ? 100_000 : 1_000_000);
    const measured = async (folder: string) => {
      generate(folder, records);
      const comparison = { file: import.meta.filename, folder, way: reconciled, floor: floorOf };
      const name = `reconcile ${records.toLocaleString("en-US")} records`;
      const target = { figure: "ratio", atMost: 0.6 } as const;
      const memoryTarget = { figure: "value", atMost: 250 } as const;
      const rounds = effort.quick ? 1 : 3;
      const against = "gunzip and parse";
      return await compareWithFloor({ ...comparison, name, against, target, memoryTarget, rounds }, effort);
    };
    return await withExport(Math.ceil(records / oneIn), measured);
  },
};

/** Log files and digests of a few hours, beside the export. */
function generate(folder: string, records: number): void {
  const { detail: deletion } = JSON.parse(readFileSync(resolve(root, "events/delete-key-sso.json"), "utf8"));
  const { detail: creation } = JSON.parse(readFileSync(resolve(root, "events/create-key.json"), "utf8"));
  const key = createTrailKey(start - hourMs, start + 10 * hourMs);
  const files = new TrailFiles(key);
  const recordAt = (n: number) => {
    if (n % oneIn > 0) return { ...creation, eventID: `x${n}`, eventName: "GetKey" };
    const requestParameters = { keyIdentifier: keyOfCase(n / oneIn) };
    return { ...deletion, eventID: `${n / oneIn}`, requestParameters, responseElements: null };
  };
  const logs: object[][] = [];
  for (let made = 0; made < records; made += recordsPerFile)
    logs.push(Array.from({ length: Math.min(recordsPerFile, records - made) }, (_, n) => recordAt(made + n)));
  files.hour(start, ...logs);
  for (let n = 1; n < 3; n++) files.hour(start + n * hourMs);
  files.write(trailIn(folder), [key.listed]);
}

function trailIn(folder: string): string {
  return join(folder, "..", "trail");
}

export async function reconciled(folder: string): Promise<void> {
  keepMemorySteady();
  const trail = trailIn(folder);
  const { population } = await reconcileExport(
    {
      ...{ folder, verify: { witnesses: [], from: start, to: start + 2 * hourMs }, guardRoles: [], json: true },
      logs: [join(trail, "logs")],
      digests: { digests: join(trail, "digests.jsonl"), publicKeys: join(trail, "keys.json") },
    },
    () => {},
  );
  if (population.matched === 0 || population.matched !== population.events)
    throw new Error("not every call has a case");
}

export function floorOf(folder: string): void {
  unpackedAndParsed(join(trailIn(folder), "logs"));
}
