import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { inject } from "vitest";
import { localSettings } from "../../local/world/settings.ts";
import { root } from "../../scripts/bundle.ts";
import { developmentSettings } from "../../scripts/deploy/settings.ts";
import { type PackagedStack, packageStack } from "../../scripts/package.ts";

const kinds = {
  /** As someone would deploy it. */
  prod: { policyFile: resolve(root, "policy/policy.yaml"), stage: "prod", settings: developmentSettings },
  /** For the local world, with its policy and its Slack. */
  local: { policyFile: resolve(root, "local/policy.yaml"), stage: "dev", settings: localSettings },
};

/** The packaged stack, made by whichever test file of the run asks first. To be read, and never written to. */
export async function packaged(kind: keyof typeof kinds): Promise<PackagedStack & { readonly outDir: string }> {
  const outDir = join(inject("packagingFolder"), kind);
  const done = `${outDir}.json`;
  const failed = `${outDir}.failed`;
  if (isFirst(`${outDir}.lock`)) await packageOnce(kind, outDir, done, failed);
  while (!existsSync(done)) {
    if (existsSync(failed)) throw new Error(`\`${kind}\` could not be packaged: ${readFileSync(failed, "utf8")}`);
    await pause(100);
  }
  return JSON.parse(readFileSync(done, "utf8")) as PackagedStack & { outDir: string };
}

/** Leaves a file for all who wait, whatever the result: `done` with the stack, or `failed` with the reason. */
async function packageOnce(kind: keyof typeof kinds, outDir: string, done: string, failed: string): Promise<void> {
  try {
    const stack = await packageStack({ ...kinds[kind], outDir });
    // A reader must never see half of it.
    writeFileSync(`${done}.partial`, JSON.stringify({ ...stack, outDir }));
    renameSync(`${done}.partial`, done);
  } catch (error) {
    writeFileSync(failed, String(error));
  }
}

function isFirst(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}
