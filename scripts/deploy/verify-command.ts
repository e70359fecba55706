import { parseArgs } from "node:util";
import type { VerifyOptions } from "../../cli/deploy/deployment-tools.ts";
import type { Selection } from "./at-places.ts";
import { type ReadOptions, selectionArguments, selectionFaults, selectionOf } from "./command.ts";

export interface VerifyCommand extends Selection {
  readonly withCanary: boolean;
}

/** Returns what the options ask for, or every fault in them. */
export function readVerifyOptions(options: VerifyOptions): ReadOptions<VerifyCommand> {
  const faults = selectionFaults(options);
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, command: { ...selectionOf(options), withCanary: options.canary !== false } };
}

/** Returns what `args` ask for, or every fault in them. Throws for an option that there is not. */
export function readVerifyCommand(args: readonly string[]): ReadOptions<VerifyCommand> {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const options = { stage: text, file: text, account: text, region: text, "endpoint-url": text } as const;
  const { values } = parseArgs({ args: [...args], options: { ...options, json: flag, "no-canary": flag } });
  const { "endpoint-url": endpointUrl, json, "no-canary": noCanary, ...named } = values;
  return readVerifyOptions({
    ...named,
    ...(endpointUrl !== undefined && { endpointUrl }),
    ...(json === true && { json }),
    canary: noCanary !== true,
  });
}

/** Returns the arguments that `readVerifyCommand` reads as `command`. */
export function verifyArguments(command: VerifyCommand): readonly string[] {
  return [...selectionArguments(command), ...(command.withCanary ? [] : ["--no-canary"])];
}
