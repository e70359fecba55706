import { CommanderError } from "commander";
import { createColors } from "picocolors";
import type { CliContext } from "./context.ts";
import { createProgram, usageErrorFrom } from "./program.ts";
import { readConfig } from "./shell/config-file.ts";
import { InputError, UsageError } from "./shell/input-error.ts";
import type { Status } from "./shell/terminal.ts";

/** Runs the command that `args` spell; answers the exit status. */
export async function run(args: readonly string[], context: CliContext): Promise<Status> {
  let status: Status = 0;
  try {
    const program = createProgram(await configured(args, context), (ended) => {
      status = ended;
    });
    // Loaded when a shell asks: nobody else waits for it.
    if (args[0] === "complete") (await import("@bomb.sh/tab/commander")).default(program);
    await program.parseAsync([...args], { from: "user" });
    return status;
  } catch (error) {
    // The help was shown: because someone asked for it, or for want of a command.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError && error.code === "commander.help") return 2;
    const told = toInputError(error);
    const { red, dim } = createColors(context.colours);
    const help = told instanceof UsageError ? `\n${dim("  run `reprieve --help` for usage")}` : "";
    context.printError(`${red("✗")} ${told.message}${help}`);
    return 2;
  }
}

/** Returns the context with what the config file says, where neither the environment nor an option says otherwise. */
async function configured(args: readonly string[], context: CliContext): Promise<CliContext> {
  const needsNone = context.folder === undefined || args.length === 0 || args[0] === "complete" || args[0] === "--help";
  const config = needsNone ? {} : await readConfig(args, context.folder);
  return {
    ...context,
    endpoint: context.endpoint ?? config.endpoint,
    region: context.region || config.region || "us-east-1",
    stage: context.stage ?? config.stage,
  };
}

function toInputError(error: unknown): InputError {
  if (error instanceof CommanderError) return usageErrorFrom(error);
  if (error instanceof InputError) return error;
  throw error;
}
