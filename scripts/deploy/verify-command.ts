import { parseArgs } from "node:util";
import { isRegion, isStage } from "../../lib/domain/stack-place.ts";
import type { Selection } from "./at-places.ts";
import { stageFileOf } from "./load-stage.ts";

export const verifyUsage = `usage: npm run verify-deployment -- [--stage STAGE] [--file FILE] [--account ACCOUNT] [--region REGION] [--no-canary]

Looks in every account and region of the stage's file whether the stack works: stack, settings and policy as in the file, trail, rules, roles, alarms, who
is notified, and a canary: DeleteKey on a key that does not exist, through the real trail and rule, until the guard has it on record. No key is touched.
CloudTrail takes minutes.

  --stage STAGE       the stage in the names of the stack (default: dev)
  --file FILE         the stage's settings (default: deploy/STAGE.yaml)
  --account ACCOUNT   only the places of this account
  --region REGION     only the places of this region
  --no-canary         leave the canary out
  --endpoint-url URL  an AWS emulator instead of AWS

Credentials: as for npm run deploy.

exit status: 0 every check was made and is good, 1 something is bad or could not be checked, 2 usage.`;

export interface VerifyCommand extends Selection {
  readonly withCanary: boolean;
}

/** Returns what `args` ask for, or undefined. Throws for an option that there is not. */
export function readVerifyCommand(args: readonly string[]): VerifyCommand | undefined {
  const text = { type: "string" } as const;
  const options = { stage: text, file: text, account: text, region: text, "endpoint-url": text } as const;
  const flags = { "no-canary": { type: "boolean" } } as const;
  const { values } = parseArgs({ args: [...args], options: { ...options, ...flags } });
  const { stage = "dev", file, account, region, "endpoint-url": endpointUrl, "no-canary": noCanary } = values;
  if (!isStage(stage) || (region !== undefined && !isRegion(region))) return undefined;
  if (account !== undefined && !/^\d{12}$/.test(account)) return undefined;
  if (endpointUrl !== undefined && URL.parse(endpointUrl) === null) return undefined;
  return {
    stage,
    stageFile: stageFileOf(stage, file),
    ...(account !== undefined && { account }),
    ...(region !== undefined && { region }),
    ...(endpointUrl !== undefined && { endpointUrl }),
    withCanary: noCanary !== true,
  };
}

/** Returns the arguments that `readVerifyCommand` reads as `command`. */
export function verifyArguments(command: VerifyCommand): readonly string[] {
  const { stage, stageFile, account, region, endpointUrl, withCanary } = command;
  return [
    ...["--stage", stage, "--file", stageFile],
    ...(account === undefined ? [] : ["--account", account]),
    ...(region === undefined ? [] : ["--region", region]),
    ...(endpointUrl === undefined ? [] : ["--endpoint-url", endpointUrl]),
    ...(withCanary ? [] : ["--no-canary"]),
  ];
}
