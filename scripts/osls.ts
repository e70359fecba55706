import { execFile } from "node:child_process";
import { accessSync, constants, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { root } from "./bundle.ts";
import type { OslsSettings } from "./osls-settings.ts";
import { type Access, sealedEnvironment } from "./sealed-environment.ts";

/** osls failed. */
export class OslsError extends Error {
  override readonly name = "OslsError";
  readonly step: OslsRun["step"];

  constructor(step: OslsRun["step"], output: string, cause: unknown) {
    super(`osls ${step} failed:\n${output}`, { cause });
    this.step = step;
  }
}

/** One run of osls. */
export interface OslsRun {
  readonly step: "package" | "deploy";
  readonly args: readonly string[];
  /** The folder of the functions' zips; osls works below it. */
  readonly artifactDir: string;
  /** What serverless.yml reads as `custom.settings`. */
  readonly settings: OslsSettings;
  /** As whom it calls AWS; without it, it cannot. */
  readonly access?: Access;
  /** Where it reports its progress. */
  readonly progress?: NodeJS.WritableStream;
}

/**
 * Runs osls. It prefers AWS_<STAGE>_PROFILE, AWS_PROFILE and the files of `~/.aws` to credentials that it is given, and writes to its HOME: so it gets an
 * environment and a HOME of its own. It assembles in `.serverless` beside serverless.yml, so that two runs at once would mix their templates: each works
 * on a copy of its own.
 */
export async function runOsls({ step, args, artifactDir, settings, access, progress }: OslsRun): Promise<void> {
  const serviceDir = resolve(artifactDir, "service");
  for (const part of ["serverless.yml", "resources"])
    cpSync(resolve(root, part), resolve(serviceDir, part), { recursive: true });
  writeFileSync(resolve(serviceDir, "settings.json"), JSON.stringify({ ...settings, artifactDir }));
  const env = {
    ...sealedEnvironment(process.env, homeFor(artifactDir), access),
    SLS_TELEMETRY_DISABLED: "1",
    SLS_NOTIFICATIONS_MODE: "off",
    SLS_DISABLE_AUTO_UPDATE: "1",
    CI: "1",
  };
  const osls = resolve(root, "node_modules/osls/bin/serverless.js");
  try {
    const running = promisify(execFile)(process.execPath, [osls, step, ...args], { cwd: serviceDir, env });
    if (progress !== undefined) {
      running.child.stdout?.pipe(progress, { end: false });
      running.child.stderr?.pipe(progress, { end: false });
    }
    await running;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new OslsError(step, `${stdout}${stderr}`, error);
  } finally {
    rmSync(serviceDir, { recursive: true, force: true });
  }
}

/** One below the repository, where osls keeps 8 MB of generated code that costs 4 s of CPU to make; one of this run where nothing can be written there. */
function homeFor(artifactDir: string): string {
  const shared = resolve(root, ".build/osls");
  try {
    mkdirSync(shared, { recursive: true });
    accessSync(shared, constants.W_OK);
    return shared;
  } catch {
    const own = resolve(artifactDir, "home");
    mkdirSync(own, { recursive: true });
    return own;
  }
}
