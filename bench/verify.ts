import { hash } from "node:crypto";
import { createReadStream, readdirSync } from "node:fs";
import { join } from "node:path";
import { keepMemorySteady } from "../cli/shell/steady-memory.ts";
import { isEntriesFile } from "../cli/trail/trail-files.ts";
import { verifyTrail } from "../cli/trail/verify-trail.ts";
import { compareWithFloor } from "./against-floor.ts";
import type { Bench } from "./bench.ts";
import { entriesPerCase, withExport } from "./trails.ts";

export const verify: Bench = {
  name: "verify",
  title: "An auditor verifies an export",
  about:
    "`reprieve audit verify` of an export with a million entries, against parsing and hashing the same lines with node:crypto alone; each in a process of its own.",
  ifMissed: {
    "verify 1,000,000 entries":
      "A profile gives JSON.parse a fifth of the time and the hash of each line a tenth, as the floor has them. What comes on top: 15 % to write each line again and compare, so that no name stands in it twice, and 5 % to hash the file as a whole against the manifest. Neither can be left out of a proof.",
  },
  measure: async (effort) => {
    const entries = effort.entries ?? (effort.quick ? 100_000 : 1_000_000);
    return await withExport(Math.ceil(entries / entriesPerCase), async (folder) => {
      const comparison = {
        file: import.meta.filename,
        folder,
        way: verified,
        floor: parsedAndHashed,
        rounds: effort.quick ? 1 : 3,
      };
      const name = `verify ${entries.toLocaleString("en-US")} entries`;
      const target = { figure: "ratio", atMost: 1.5 } as const;
      const memoryTarget = { figure: "value", atMost: 200 } as const;
      return await compareWithFloor({ ...comparison, name, against: "parse and hash", target, memoryTarget }, effort);
    });
  },
};

export async function verified(folder: string): Promise<void> {
  // As the command does.
  keepMemorySteady();
  const { found } = await verifyTrail(folder, () => {});
  if (found > 0) throw new Error("the export is not whole");
}

export async function parsedAndHashed(folder: string): Promise<void> {
  for (const file of readdirSync(folder).filter(isEntriesFile)) {
    let rest = "";
    for await (const chunk of createReadStream(join(folder, file), { encoding: "utf8", highWaterMark: 1 << 18 })) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        JSON.parse(line);
        hash("sha256", line);
      }
    }
  }
}
