import { type Command, Option } from "commander";
import type { DoctorContext } from "../doctor/doctor-command.ts";
import { ofAccounts, type PlacesOptions } from "../places/places-options.ts";
import { defaultPolicyFile } from "../policy/policy-defaults.ts";
import type { End } from "../shell/terminal.ts";
import { ofStack, type PlaceOptions } from "../stack/aws-place.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import type { TrailSource } from "../trail/trail-source.ts";
import type { PageFile } from "./console-server.ts";
import type { TablePages } from "./table-pages.ts";

/** What a console uses. */
export interface ConsoleContext extends TrailContext, DoctorContext {
  /** Loaded when a console starts. */
  readonly consoleTools: () => Promise<ConsoleTools>;
}

/** What only a console uses. */
export interface ConsoleTools {
  /** The pages of a table, a request each. */
  readonly tablePages: (from: TrailSource) => TablePages;
  /** Time (ms) by the clock of AWS, or of an endpoint on this machine. */
  readonly stackTime: (place: { readonly region: string; readonly endpoint?: string }) => Promise<number>;
  /** The files of the page, by the path they are asked for. */
  readonly pageFiles: () => Promise<ReadonlyMap<string, PageFile>>;
}

export type ToolContext = ConsoleContext & ConsoleTools;

export interface ConsoleOptions extends PlaceOptions, PlacesOptions {
  readonly port: string;
  readonly policy: string;
  readonly key?: string;
  readonly endpoint?: string;
  readonly stsUrl?: string;
  readonly readOnly?: true;
}

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
