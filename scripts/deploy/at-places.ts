import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import pc from "picocolors";
import { PolicyFileError, readPolicyFile, root } from "../bundle.ts";
import { sealedEnvironment } from "../sealed-environment.ts";
import { loadStage } from "./load-stage.ts";
import { redirections, signIn } from "./sign-in.ts";
import type { DeployPlace } from "./stage-file.ts";

/** The stage, and those of its places that a command is for. */
export interface Selection {
  readonly stage: string;
  readonly stageFile: string;
  readonly account?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
}

/** A script, and the arguments that it takes for one place. */
export interface PlaceScript {
  readonly file: string;
  readonly argumentsFor: (place: Pick<DeployPlace, "account" | "region">) => readonly string[];
}

/** Tells whether calls go where the command line says, and prints what would send them elsewhere. */
export function isUndirected(endpointUrl: string | undefined): boolean {
  const elsewhere = redirections(process.env);
  if (elsewhere.length === 0 || endpointUrl !== undefined) return true;
  printError(`${elsewhere.join(", ")} is set: unset it to call AWS, or name the emulator with --endpoint-url`);
  return false;
}

/** Returns the places that the command is for, or undefined with every fault of the stage file or its policy printed. */
export function placesOf({ stage, stageFile, account, region }: Selection): readonly DeployPlace[] | undefined {
  const read = loadStage(stage, stageFile);
  const faults = read.ok ? policyFaults(read.file.policyFile) : read.faults;
  faults.forEach(printError);
  if (!read.ok || faults.length > 0) return undefined;
  const places = read.file.places.filter(
    (place) => place.account === (account ?? place.account) && place.region === (region ?? place.region),
  );
  if (places.length > 0) return places;
  const where = `${account === undefined ? "" : ` in ${account}`}${region === undefined ? "" : ` in ${region}`}`;
  printError(`${stageFile} names no place${where}`);
  return undefined;
}

function policyFaults(policyFile: string): readonly string[] {
  try {
    readPolicyFile(policyFile);
    return [];
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error;
    return [`the policy cannot be built in:\n${error.message}`];
  }
}

/** Signs in with `profile` and runs the script in an environment that holds these credentials and nothing else of this machine's AWS configuration. */
export async function runSealed(
  script: PlaceScript,
  { account, region, profile }: Pick<DeployPlace, "account" | "region" | "profile">,
  endpointUrl: string | undefined,
): Promise<boolean> {
  const signedIn = await signIn(profile, process.env);
  if (!signedIn.ok) {
    printError(signedIn.why);
    return false;
  }
  const access = { credentials: signedIn.credentials, region, ...(endpointUrl !== undefined && { endpointUrl }) };
  const home = mkdtempSync(join(tmpdir(), "reprieve-deploy-"));
  try {
    const args = [resolve(root, script.file), ...script.argumentsFor({ account, region })];
    const env = sealedEnvironment(process.env, home, access);
    return spawnSync(process.execPath, args, { stdio: "inherit", env }).status === 0;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Prints what is wrong. */
export function printError(text: string): void {
  console.error(`${pc.red("✗")} ${text}`);
}
