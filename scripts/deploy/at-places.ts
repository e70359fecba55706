import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PolicyFileError, readPolicyFile, root } from "../bundle.ts";
import { sealedEnvironment } from "../sealed-environment.ts";
import { loadStage } from "./load-stage.ts";
import type { Show } from "./shown.ts";
import { redirections, signIn } from "./sign-in.ts";
import type { DeployPlace } from "./stage-file.ts";

/** The stage, and those of its places that a command is for. */
export interface Selection {
  readonly stage: string;
  readonly stageFile: string;
  readonly account?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
  readonly json: boolean;
}

/** A script, and the arguments that it takes for one place. */
export interface PlaceScript {
  readonly file: string;
  readonly argumentsFor: (place: Pick<DeployPlace, "account" | "region">) => readonly string[];
}

/** Tells whether calls go where the command line says, and prints what would send them elsewhere. */
export function isUndirected(endpointUrl: string | undefined, show: Show): boolean {
  const elsewhere = redirections(process.env);
  if (elsewhere.length === 0 || endpointUrl !== undefined) return true;
  const text = `${elsewhere.join(", ")} is set: unset it to call AWS, or name the emulator with --endpoint-url`;
  show({ kind: "error", text });
  return false;
}

/** Returns the places that the command is for, or undefined with every fault of the stage file or its policy printed. */
export function placesOf(selection: Selection, show: Show): readonly DeployPlace[] | undefined {
  const { stage, stageFile } = selection;
  const read = loadStage(stage, stageFile);
  const faults = read.ok ? policyFaults(read.file.policyFile) : read.faults;
  for (const text of faults) show({ kind: "error", text });
  if (!read.ok || faults.length > 0) return undefined;
  const places = selectedPlaces(read.file, selection);
  if (places.length > 0) return places;
  show({ kind: "error", text: noPlaceText(selection) });
  return undefined;
}

/** Returns those places of a stage's file that the command is for. */
export function selectedPlaces<Place extends Pick<DeployPlace, "account" | "region">>(
  { places }: { readonly places: readonly Place[] },
  { account, region }: Pick<Selection, "account" | "region">,
): readonly Place[] {
  return places.filter(
    (place) => place.account === (account ?? place.account) && place.region === (region ?? place.region),
  );
}

/** Says that the file has none of them. */
export function noPlaceText({ stageFile, account, region }: Selection): string {
  const where = `${account === undefined ? "" : ` in ${account}`}${region === undefined ? "" : ` in ${region}`}`;
  return `${stageFile} names no place${where}`;
}

/** Returns what is wrong with a policy file; empty if it can be built in. */
export function policyFaults(policyFile: string): readonly string[] {
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
  show: Show,
): Promise<boolean> {
  const signedIn = await signIn(profile, process.env);
  if (!signedIn.ok) {
    show({ kind: "error", text: signedIn.why });
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
