import { parseArgs } from "node:util";
import { printableText } from "../../lib/domain/printable-text.ts";
import { isRegion, isStage } from "../../lib/domain/stack-place.ts";
import { type Unchecked, uncheckedNames } from "./check.ts";
import { stageFileOf } from "./load-stage.ts";
import { type Protection, protections } from "./setting-changes.ts";

export const usage = `usage: npm run deploy -- [--stage STAGE] [--file FILE] [--account ACCOUNT] [--region REGION] [--weaken NAME,...] [--unchecked NAME,...] [--check] [--yes]

Deploys the stage to every account and region that its file names, one after the other until one fails. In each it checks everything that can be
checked before anything is made, shows which settings and resources will change, asks, deploys, and prints the next steps.

  --stage STAGE       the stage in the names of the stack (default: dev)
  --file FILE         the stage's settings (default: deploy/STAGE.yaml; deploy/example.yaml explains each field). Without such a file
                      nothing is deployed, and one is printed, filled from the running stack
  --account ACCOUNT   only the places of this account
  --region REGION     only the places of this region
  --weaken NAME,...   accept that the running stack loses these protections: ${protections.join(", ")}
  --unchecked NAME,...
                      deploy although these could not be checked: ${uncheckedNames.join(", ")}. With --yes it is refused otherwise
  --check             stop after the checks and the changes
  --yes               do not ask
  --endpoint-url URL  an AWS emulator instead of AWS

Credentials: the profile that the file names, or those of the shell. They are resolved once, must belong to the account that the file names, and are the
only ones that the deployment gets.

exit status: 0 deployed (or checked), 1 nothing, or not everything, was deployed, 2 usage.`;

export interface DeployCommand {
  readonly stage: string;
  readonly stageFile: string;
  readonly account?: string;
  readonly region?: string;
  readonly weaken: readonly Protection[];
  readonly unchecked: readonly Unchecked[];
  readonly checkOnly: boolean;
  readonly yes: boolean;
  readonly endpointUrl?: string;
}

/** Returns what `args` ask for, or every fault in them, in words. */
export function readDeployCommand(
  args: readonly string[],
): { readonly ok: true; readonly command: DeployCommand } | { readonly ok: false; readonly faults: readonly string[] } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        stage: { type: "string" },
        file: { type: "string" },
        account: { type: "string" },
        region: { type: "string" },
        weaken: { type: "string" },
        unchecked: { type: "string" },
        check: { type: "boolean" },
        yes: { type: "boolean" },
        "endpoint-url": { type: "string" },
      },
    });
    const { stage = "dev", account, region, file, check = false, yes = false, "endpoint-url": endpointUrl } = values;
    const weaken = values.weaken === undefined ? [] : values.weaken.split(",");
    const unchecked = values.unchecked === undefined ? [] : values.unchecked.split(",");
    const faults = [
      ...fault(isStage, stage, "--stage", "lower-case letters, digits and -, up to 20, such as prod"),
      ...fault(isAccount, account, "--account", "an account id of 12 digits"),
      ...fault(isRegion, region, "--region", "a region such as us-east-1"),
      ...fault(isUrl, endpointUrl, "--endpoint-url", "a URL such as http://localhost:4566"),
      ...weaken.flatMap((name) => fault(isProtection, name, "--weaken", `names of ${protections.join(", ")}`)),
      ...unchecked.flatMap((name) => fault(isUnchecked, name, "--unchecked", `names of ${uncheckedNames.join(", ")}`)),
    ];
    if (faults.length > 0) return { ok: false, faults };
    const command = {
      stage,
      stageFile: stageFileOf(stage, file),
      ...(account !== undefined && { account }),
      ...(region !== undefined && { region }),
      weaken: weaken.filter(isProtection),
      unchecked: unchecked.filter(isUnchecked),
      checkOnly: check,
      yes,
      ...(endpointUrl !== undefined && { endpointUrl }),
    };
    return { ok: true, command };
  } catch (error) {
    return { ok: false, faults: [printableText(error instanceof Error ? error.message : String(error), 300)] };
  }
}

/** Returns the arguments that `readDeployCommand` reads as `command`. */
export function argumentsOf(command: DeployCommand): readonly string[] {
  const { stage, stageFile, account, region, weaken, unchecked, checkOnly, yes, endpointUrl } = command;
  return [
    ...["--stage", stage, "--file", stageFile],
    ...(account === undefined ? [] : ["--account", account]),
    ...(region === undefined ? [] : ["--region", region]),
    ...(weaken.length === 0 ? [] : ["--weaken", weaken.join(",")]),
    ...(unchecked.length === 0 ? [] : ["--unchecked", unchecked.join(",")]),
    ...(checkOnly ? ["--check"] : []),
    ...(yes ? ["--yes"] : []),
    ...(endpointUrl === undefined ? [] : ["--endpoint-url", endpointUrl]),
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
