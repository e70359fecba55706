import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tools } from "../../test/simulation/play.ts";
import { makeTools } from "../../test/simulation/tools.ts";

/** Returns what `work` makes of the tools of the simulator, whose package is removed afterwards. */
export async function withSimulation<Made>(work: (tools: Tools) => Promise<Made>): Promise<Made> {
  const outDir = mkdtempSync(join(tmpdir(), "reprieve-bench-"));
  try {
    return await work(await makeTools(outDir));
  } finally {
    rmSync(outDir, { recursive: true });
  }
}
