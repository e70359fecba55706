import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { inject } from "vitest";
import { localSettings } from "../../local/settings.ts";
import { root } from "../../scripts/bundle.ts";
import { developmentSettings } from "../../scripts/deploy/settings.ts";
import { type PackagedStack, packageStack } from "../../scripts/package.ts";

const kinds = {
  /** As somebody would deploy it. */
  prod: { policyFile: resolve(root, "policy/policy.yaml"), stage: "prod", settings: developmentSettings },
  /** For the local world, with its policy and its Slack. */
  local: { policyFile: resolve(root, "local/policy.yaml"), stage: "dev", settings: localSettings },
};

/** The packaged stack, made by whichever test file of the run asks first. To be read, and never written to. */
export async function packaged(kind: keyof typeof kinds): Promise<PackagedStack & { readonly outDir: string }> {
  const outDir = join(inject("packagingFolder"), kind);
  const done = `${outDir}.json`;
  if (isFirst(`${outDir}.lock`)) {
    const stack = await packageStack({ ...kinds[kind], outDir });
    writeFileSync(done, JSON.stringify({ ...stack, outDir }));
  }
  for (let waits = 0; !existsSync(done); waits++) {
    if (waits > 600) throw new Error(`nobody has packaged \`${kind}\` in a minute`);
    await pause(100);
  }
  return JSON.parse(readFileSync(done, "utf8")) as PackagedStack & { outDir: string };
}

function isFirst(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}
