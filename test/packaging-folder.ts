import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the test files of one run share what was packaged. */
    readonly packagingFolder: string;
  }
}

export default function setup({ provide }: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "reprieve-packaged-"));
  provide("packagingFolder", folder);
  return () => {
    rmSync(folder, { recursive: true });
    // Made by vitest.config.ts for this run alone.
    if (basename(tmpdir()).startsWith("reprieve-tests-")) rmSync(tmpdir(), { recursive: true, force: true });
  };
}
