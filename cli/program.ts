import { Command, type CommanderError } from "commander";
import { addAuditCommands } from "./audit/audit-commands.ts";
import { addCasesCommands } from "./cases/cases-commands.ts";
import { addChangesCommands } from "./changes/changes-commands.ts";
import { addConsoleCommand } from "./console/console-command.ts";
import type { CliContext } from "./context.ts";
import { addDeployCommand } from "./deploy/deploy-commands.ts";
import { addSlackCommands } from "./deploy/slack-command.ts";
import { addStackSetCommand } from "./deploy/stack-set-command.ts";
import { addVerifyCommand } from "./deploy/verify-command.ts";
import { addDoctorCommand } from "./doctor/doctor-command.ts";
import { addPackageCommand } from "./package/package-command.ts";
import { addPermitCommands } from "./permits/permit-commands.ts";
import { addPolicyCommands } from "./policy/policy-commands.ts";
import { addScanCommand } from "./scan/scan-command.ts";
import { UsageError } from "./shell/input-error.ts";
import { refuseRepeated } from "./shell/refuse-repeated.ts";
import type { End } from "./shell/terminal.ts";
import { addRedriveCommand } from "./stack/redrive-command.ts";
import { addVoteCommands } from "./vote/vote-commands.ts";
import { addWitnessCommands } from "./witness/witness-commands.ts";

/** Returns the command with all of its parts. Their actions do the work, in the given context. */
export function createProgram(context: CliContext, end: End): Command {
  const program = new Command("reprieve")
    .description("A key-lifecycle guard for AWS Payment Cryptography: its policy, its cases, its audit trail.")
    .version(context.version, "--version", "show the version")
    .option(
      "--config <file>",
      "stage, region and endpoint (default: reprieve.yaml here or above, up to the repository)",
    )
    .helpOption("-h, --help", "show this")
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.print(text.trimEnd()),
      writeErr: (text) => context.printError(text.trimEnd()),
      // Told by `run`, in the form of every other error.
      outputError: () => {},
      getOutHasColors: () => context.colours,
    })
    // A narrow terminal has the names on the left too.
    .configureHelp({ sortSubcommands: false, minWidthToWrap: 20, styleTitle: (text) => text.toLowerCase() })
    .addHelpText(
      "after",
      `
completion: source <(reprieve complete bash), or zsh, fish, powershell
exit status: 0 fine, 1 found something, 2 nothing was done: usage or input error; of an audit also 3: not proven;
with --accounts the most severe of 1, 2 (a place has no result), 3, 0`,
    );
  addPolicyCommands(program, context, end);
  addPackageCommand(program, context, end);
  addDeployCommand(program, context, end);
  addVerifyCommand(program, context, end);
  addStackSetCommand(program, context, end);
  addSlackCommands(program, context);
  addScanCommand(program, context, end);
  addCasesCommands(program, context, end);
  addChangesCommands(program, context, end);
  addConsoleCommand(program, context, end);
  addVoteCommands(program, context, end);
  addPermitCommands(program, context, end);
  addRedriveCommand(program, context, end);
  addAuditCommands(program, context, end);
  addWitnessCommands(program, context, end);
  addDoctorCommand(program, context, end);
  refuseRepeated(program);
  return program;
}

/** Converts a commander error to a UsageError. */
export function usageErrorFrom({ message }: CommanderError): UsageError {
  const [line = ""] = message.replace(/^error: /, "").split("\n");
  const hint = /\(Did you mean .*\)/.exec(message)?.[0] ?? "";
  return new UsageError(`${line}${hint && ` ${hint.toLowerCase()}`}`.replaceAll("'", "`"));
}
