import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Metafile } from "esbuild";
import { root } from "../bundle.ts";
import { bundleCommand, bundleVerifier } from "../bundle-command.ts";
import { makeReleasedStack } from "./released-stack.ts";

/** What `dist` holds, and how each bundle in it was made, by the name of the artifact that ships it. */
export interface Distribution {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly metafiles: Readonly<Record<string, Metafile>>;
}

export const verifierFile = "reprieve-verify.mjs";

/** Makes in `folder` all that the package holds: the command, the verifier, and the stack without a policy. Needs neither credentials nor network. */
export async function makeDistribution(folder = resolve(root, "dist")): Promise<Distribution> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const workDir = mkdtempSync(join(tmpdir(), "reprieve-release-"));
  try {
    const command = await bundleCommand(folder);
    const verifier = await bundleVerifier(resolve(folder, verifierFile));
    const functions = Object.entries(await makeReleasedStack(resolve(folder, "stack"), workDir));
    const { name, version } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8")) as Distribution;
    const zips = Object.fromEntries(functions.map(([each, metafile]) => [`${each}.zip`, metafile]));
    return { folder, name, version, metafiles: { reprieve: command, [verifierFile]: verifier, ...zips } };
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}
