import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ExportOptions, exportTrail } from "../../cli/trail/export-trail.ts";
import { type Verification, type VerifyOptions, verifyTrail } from "../../cli/trail/verify-trail.ts";
import type { LogFindingName } from "../../lib/domain/log/finding.ts";
import type { LogWorld } from "./log-world.ts";

/** A folder for exports, that `remove` takes away. */
export function exportFolder() {
  const folder = mkdtempSync(join(tmpdir(), "reprieve-log-"));
  let made = 0;
  return {
    folder,
    next: () => {
      made += 1;
      return join(folder, `export-${made}`);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Exports the log of a world, as of its clock. */
export async function exportLog(world: LogWorld, out: string, over: Partial<ExportOptions> = {}) {
  const options = { out, source: "here", now: world.time.now, progress: () => {}, ...over };
  return await exportTrail(world.logFiles(), world.trails(), options);
}

/** Verifies an export with the key of its world. */
export async function verifyLog(
  world: LogWorld,
  out: string,
  over: Partial<VerifyOptions> = {},
): Promise<Verification> {
  return await verifyTrail(out, { key: world.key, witnesses: [], ...over });
}

/** Returns the name of each finding once. */
export function namesOf({ findings }: Verification): readonly LogFindingName[] {
  return [...new Set(findings.map(({ finding }) => finding))].sort();
}
