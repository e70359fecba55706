import { hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { keepMemorySteady } from "../cli/shell/steady-memory.ts";
import { verifyTrail } from "../cli/trail/verify-trail.ts";
import { compareWithFloor } from "./against-floor.ts";
import type { Bench } from "./bench.ts";
import { entriesPerCase, objectsIn, withExport } from "./trails.ts";

export const verify: Bench = {
  name: "verify",
  title: "An auditor verifies an export",
  about:
    "`reprieve audit verify` of an export with a million entries, against parsing and hashing the same lines with node:crypto alone; each in a process of its own.",
  ifMissed: {
    "verify 1,000,000 entries":
      "The target is of the time before the log was a tree. The floor hashes each line once; a verification hashes it as a leaf, as a link of its chain and in its file (against the manifest, and against the object after it), and makes one node of the tree for each. Comparing with canonical JSON and the schema of the kind is the rest. None of it can be left out of a proof.",
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
  const { verdict } = await verifyTrail(folder, { witnesses: [] });
  if (verdict === "damaged") throw new Error("the export is not whole");
}

export async function parsedAndHashed(folder: string): Promise<void> {
  for (const file of objectsIn(folder)) {
    let rest = "";
    for await (const chunk of createReadStream(file, {
      encoding: "utf8",
      highWaterMark: 1 << 18,
    })) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        JSON.parse(line);
        hash("sha256", line);
      }
    }
  }
}
