import { createReadStream, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { reporting } from "../cli/audit/run-report.ts";
import type { CliContext } from "../cli/context.ts";
import { compareWithFloor } from "./against-floor.ts";
import type { Bench } from "./bench.ts";
import { withExport } from "./trails.ts";

const cases = 10_000;

export const report: Bench = {
  name: "report",
  title: "An auditor's report",
  about:
    "`reprieve audit report` of an export with 10,000 cases, verification included, against parsing the same lines alone; each in a process of its own.",
  measure: async (effort) =>
    await withExport(cases, async (folder) => {
      const comparison = {
        file: import.meta.filename,
        folder,
        way: reported,
        floor: parsed,
        rounds: effort.quick ? 1 : 5,
      };
      const target = { figure: "value", atMost: 5 } as const;
      return await compareWithFloor(
        { ...comparison, name: "report of 10,000 cases", against: "parse", target },
        effort,
      );
    }),
};

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
  for (const file of readdirSync(join(folder, "log")))
    for await (const line of createInterface({ input: createReadStream(join(folder, "log", file)) })) JSON.parse(line);
}
