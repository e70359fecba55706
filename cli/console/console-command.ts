import { type Command, Option } from "commander";
import { ofAccounts } from "../places/places-options.ts";
import { defaultPolicyFile } from "../policy/policy-defaults.ts";
import type { End } from "../shell/terminal.ts";
import { ofStack } from "../stack/aws-place.ts";
import type { ConsoleContext, ConsoleOptions } from "./console-context.ts";

/** Shows deployed stacks in a browser. */
export function addConsoleCommand(program: Command, context: ConsoleContext, end: End): void {
  const command = program
    .command("console")
    .description("a page on this machine: cases, changes, votes and the health of a stack");
  ofAccounts(ofStack(command))
    .option("--port <port>", "port on 127.0.0.1; 0 takes any free one", "0")
    .option("--policy <file>", "the reviewed policy, to compare with the one that runs", defaultPolicyFile)
    .option("--key <vkey>", "the verifier key that has to have signed the log (reprieve audit key)")
    .addOption(new Option("--endpoint <url>", "where votes go (default: the stack's own)").conflicts("accounts"))
    .option("--sts-url <url>", "sign votes for this STS, such as one on this machine (default: the region's own)")
    .option("--read-only", "without votes")
    .addHelpText(
      "after",
      `
The URL that it prints holds a secret of this start: another user of the machine sees nothing without it. It calls AWS with your credentials, at most three times every 10 seconds for each stack and only while a page is open, and reads as \`cases list\` and \`doctor\` do. A vote is signed as by \`reprieve approve\` and \`reprieve keep\`. It ends with Ctrl-C, or after an hour in which no page was open.`,
    )
    .action(async (options: ConsoleOptions) =>
      end(await (await import("./run-console.ts")).runConsole(options, context)),
    );
}
