import { Command, type CommanderError } from "commander";
import { addAuditCommands } from "./audit/audit-commands.ts";
import { addCasesCommands } from "./cases/cases-commands.ts";
import { addDoctorCommand } from "./doctor/doctor-command.ts";
import { UsageError } from "./input-error.ts";
import type { End, Machine } from "./machine.ts";
import { addPermitCommands } from "./permits/permit-commands.ts";
import { addPolicyCommands } from "./policy/policy-commands.ts";
import { addRedriveCommand } from "./redrive.ts";
import { addScanCommand } from "./scan/scan-command.ts";
import { addVoteCommands } from "./vote-commands.ts";

/** The command and all of its parts. What it is asked for happens in the actions, which are told of the machine. */
export function createProgram(machine: Machine, end: End): Command {
  const program = new Command("reprieve")
    .description("A key-lifecycle guard for AWS Payment Cryptography: its policy, its cases, its audit trail.")
    .version(machine.version, "--version", "show the version")
    .helpOption("-h, --help", "show this")
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => machine.print(text.trimEnd()),
      writeErr: (text) => machine.complain(text.trimEnd()),
      // Told by `run`, in the form of every other error.
      outputError: () => {},
      getOutHasColors: () => machine.colours,
    })
    .configureHelp({ sortSubcommands: false, styleTitle: (text) => text.toLowerCase() })
    .addHelpText(
      "after",
      `
completion: source <(reprieve complete bash), or zsh, fish, powershell
exit status: 0 fine, 1 found something, 2 nothing was done: usage or input error`,
    );
  addPolicyCommands(program, machine, end);
  addScanCommand(program, machine, end);
  addCasesCommands(program, machine, end);
  addVoteCommands(program, machine, end);
  addPermitCommands(program, machine, end);
  addRedriveCommand(program, machine, end);
  addAuditCommands(program, machine, end);
  addDoctorCommand(program, machine, end);
  return program;
}

/** An error of the argument library in the words of the house. */
export function usageErrorFrom({ message }: CommanderError): UsageError {
  const [line = ""] = message.replace(/^error: /, "").split("\n");
  const hint = /\(Did you mean .*\)/.exec(message)?.[0] ?? "";
  return new UsageError(`${line}${hint && ` ${hint.toLowerCase()}`}`.replaceAll("'", "`"));
}
