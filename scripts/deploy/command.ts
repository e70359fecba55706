import { parseArgs } from "node:util";
import type { DeployOptions, StageOptions } from "../../cli/deploy/deployment-tools.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import { isRegion, isStage } from "../../lib/domain/stack-place.ts";
import type { Selection } from "./at-places.ts";
import { type Unchecked, uncheckedNames } from "./check.ts";
import { stageFileOf } from "./load-stage.ts";
import { type Protection, protections } from "./setting-changes.ts";

export interface DeployCommand extends Selection {
  readonly weaken: readonly Protection[];
  readonly unchecked: readonly Unchecked[];
  readonly checkOnly: boolean;
  readonly yes: boolean;
}

/** A command, or every fault in its options, in words. */
export type ReadOptions<Command> =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly faults: readonly string[] };

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

/** Returns what `args` ask for, or every fault in them. */
export function readDeployCommand(args: readonly string[]): ReadOptions<DeployCommand> {
  try {
    const selection = { stage: text, file: text, account: text, region: text, "endpoint-url": text } as const;
    const options = { ...selection, weaken: text, unchecked: text, check: flag, yes: flag, json: flag } as const;
    const { "endpoint-url": endpointUrl, json, ...values } = parseArgs({ args: [...args], options }).values;
    return readDeployOptions({
      ...values,
      ...(endpointUrl !== undefined && { endpointUrl }),
      ...(json === true && { json }),
    });
  } catch (error) {
    return { ok: false, faults: [printableText(error instanceof Error ? error.message : String(error), 300)] };
  }
}

/** Returns what the options ask for, or every fault in them. */
export function readDeployOptions(options: DeployOptions): ReadOptions<DeployCommand> {
  const { check = false, yes = false } = options;
  const weaken = options.weaken === undefined ? [] : options.weaken.split(",");
  const unchecked = options.unchecked === undefined ? [] : options.unchecked.split(",");
  const faults = [
    ...selectionFaults(options),
    ...weaken.flatMap((name) => fault(isProtection, name, "--weaken", `names of ${protections.join(", ")}`)),
    ...unchecked.flatMap((name) => fault(isUnchecked, name, "--unchecked", `names of ${uncheckedNames.join(", ")}`)),
  ];
  if (faults.length > 0) return { ok: false, faults };
  const names = { weaken: weaken.filter(isProtection), unchecked: unchecked.filter(isUnchecked) };
  return { ok: true, command: { ...selectionOf(options), ...names, checkOnly: check, yes } };
}

/** Returns what is wrong with the options that name a stage and some of its places. */
export function selectionFaults({ stage, account, region, endpointUrl }: StageOptions): readonly string[] {
  return [
    ...fault(isStage, stage, "--stage", "lower-case letters, digits and -, up to 20, such as prod"),
    ...fault(isAccount, account, "--account", "an account id of 12 digits"),
    ...fault(isRegion, region, "--region", "a region such as us-east-1"),
    ...fault(isUrl, endpointUrl, "--endpoint-url", "a URL such as http://localhost:4566"),
  ];
}

/** Returns the stage and places that the options name. */
export function selectionOf({ stage = "dev", file, account, region, endpointUrl, json }: StageOptions): Selection {
  return {
    stage,
    stageFile: stageFileOf(stage, file),
    ...(account !== undefined && { account }),
    ...(region !== undefined && { region }),
    ...(endpointUrl !== undefined && { endpointUrl }),
    json: json === true,
  };
}

/** Returns the arguments that name `selection`. */
export function selectionArguments({ stage, stageFile, account, region, endpointUrl, json }: Selection): string[] {
  return [
    ...["--stage", stage, "--file", stageFile],
    ...(account === undefined ? [] : ["--account", account]),
    ...(region === undefined ? [] : ["--region", region]),
    ...(endpointUrl === undefined ? [] : ["--endpoint-url", endpointUrl]),
    ...(json ? ["--json"] : []),
  ];
}

/** Returns the arguments that `readDeployCommand` reads as `command`. */
export function argumentsOf(command: DeployCommand): readonly string[] {
  const { weaken, unchecked, checkOnly, yes } = command;
  return [
    ...selectionArguments(command),
    ...(weaken.length === 0 ? [] : ["--weaken", weaken.join(",")]),
    ...(unchecked.length === 0 ? [] : ["--unchecked", unchecked.join(",")]),
    ...(checkOnly ? ["--check"] : []),
    ...(yes ? ["--yes"] : []),
  ];
}

function isAccount(text: string): boolean {
  return /^\d{12}$/.test(text);
}

function isUrl(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? "");
}

function isProtection(text: string): text is Protection {
  return (protections as readonly string[]).includes(text);
}

function isUnchecked(text: string): text is Unchecked {
  return (uncheckedNames as readonly string[]).includes(text);
}

function fault(test: (value: string) => boolean, value: string | undefined, name: string, expected: string): string[] {
  return value === undefined || test(value)
    ? []
    : [`${name}: expected ${expected}, found \`${printableText(value, 60)}\``];
}
