import type { Command } from "commander";
import { UsageError } from "./input-error.ts";

/** Makes every command below `command` throw a UsageError for an option that has one value and is given twice: which of them was meant is unknown. */
export function refuseRepeated(command: Command): void {
  for (const option of command.options) {
    if (option.variadic || option.parseArg !== undefined || !option.required) continue;
    let isGiven = false;
    command.on(`option:${option.name()}`, () => {
      if (isGiven) throw new UsageError(`option \`${option.long}\` is given twice`);
      isGiven = true;
    });
  }
  for (const each of command.commands) refuseRepeated(each);
}
