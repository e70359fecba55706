import type { Command } from "commander";

/** Returns how to see the usage of the command that `args` name; of `program` if they name none. */
export function usageHint(program: Command | undefined, args: readonly string[]): string {
  const names = ["reprieve"];
  let command = program;
  for (const arg of args) {
    command = command?.commands.find((each) => each.name() === arg);
    if (command === undefined) break;
    names.push(arg);
  }
  return `run \`${names.join(" ")} --help\` for usage`;
}
