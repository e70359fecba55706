import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../../scripts/bundle.ts";
import { bundleCommand } from "../../scripts/bundle-command.ts";

/** Lays the command out in `folder` as the package holds it; returns the file that its name on the PATH stands for. */
export async function installIn(folder: string): Promise<string> {
  for (const part of ["bin", "package.json"]) cpSync(resolve(root, part), join(folder, part), { recursive: true });
  mkdirSync(join(folder, "dist"));
  await bundleCommand(join(folder, "dist"));
  return join(folder, "bin/reprieve.mjs");
}

const watch = fileURLToPath(new URL("./peak-at-exit.ts", import.meta.url));

/** Runs an installed command; returns the megabytes that its process held at most. Throws what it wrote when it fails. */
export function peakOf(args: readonly string[]): number {
  const { status, stderr } = spawnSync(process.execPath, ["--import", watch, ...args], { encoding: "utf8" });
  const megabytes = Number(/^peak (\d+(?:\.\d+)?)$/m.exec(stderr)?.[1]);
  if (status !== 0 || Number.isNaN(megabytes)) throw new Error(stderr.slice(-2_000));
  return megabytes;
}
