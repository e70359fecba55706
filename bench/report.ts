import { createReadStream, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { reporting } from "../cli/audit/run-report.ts";
import type { CliContext } from "../cli/context.ts";
import { compareWithFloor } from "./against-floor.ts";
import type { Bench, Effort } from "./bench.ts";
import { installIn, peakOf } from "./command/installed.ts";
import { measured, type Result } from "./result.ts";
import { objectsIn, withExport } from "./trails.ts";

const cases = 10_000;

export const report: Bench = {
  name: "report",
  title: "An auditor's report",
  about:
    "`reprieve audit report` of an export with 10,000 cases, verification included, against parsing the same lines alone; each in a process of its own. Memory is also that of the command as installed from the tarball, without and with work papers of 25 cases that were drawn.",
  measure: async (effort) =>
    await withExport(cases, async (folder, key) => {
      const rounds = effort.quick ? 1 : 5;
      const target = { figure: "value", atMost: 5 } as const;
      const comparison = { file: import.meta.filename, folder, way: reported, floor: parsed, rounds };
      const name = "report of 10,000 cases";
      return [
        ...(await compareWithFloor({ ...comparison, name, against: "parse", target }, effort)),
        ...(await installedMemory({ folder, key, rounds }, effort)),
      ];
    }),
};

/** What the installed command holds at most. */
async function installedMemory(
  { folder, key, rounds }: { readonly folder: string; readonly key: string; readonly rounds: number },
  { progress }: Effort,
): Promise<readonly Result[]> {
  const parent = join(folder, "..");
  mkdirSync(join(parent, "installed"));
  const reprieve = await installIn(join(parent, "installed"));
  const out = join(parent, "report");
  const report = [reprieve, "audit", "report", folder, "--key", key, "--out", out];
  const target = { figure: "value", atMost: 300 } as const;
  return [[], ["--sample", "25", "--seed", "bench"]].map((sample) => {
    const name = ["installed", ...sample.slice(0, 2)].join(" ");
    progress(`report: ${name}`);
    const peaks = Array.from({ length: rounds }, () => {
      const megabytes = peakOf([...report, ...sample]);
      rmSync(out, { recursive: true });
      return megabytes;
    });
    return measured({ name: `${name}: peak memory`, unit: "MB", target }, peaks);
  });
}

export async function reported(folder: string): Promise<void> {
  const out = join(folder, "..", "report");
  const machine: Partial<CliContext> = {
    colours: false,
    clock: () => 0,
    print: () => {},
    printError: () => {},
    progress: () => {},
  };
  const status = await reporting({ folder, out, witnesses: [], targetMs: 60_000, json: false }, machine as CliContext);
  rmSync(out, { recursive: true });
  if (status === 1) throw new Error("the export is not whole");
}

export async function parsed(folder: string): Promise<void> {
  for (const file of objectsIn(folder))
    for await (const line of createInterface({ input: createReadStream(file) })) JSON.parse(line);
}
