import type { Command } from "commander";
import type { End, Terminal } from "../shell/terminal.ts";
import { ofStageFile, withStage } from "./deploy-commands.ts";
import type { DeploymentContext, StackSetOptions } from "./deployment-tools.ts";

type Context = DeploymentContext & Terminal;

/** Makes what CloudFormation StackSets deploy. */
export function addStackSetCommand(program: Command, context: Context, end: End): void {
  ofStageFile(program.command("stackset"))
    .description("make a template and zips for CloudFormation StackSets (from a checkout)")
    .requiredOption(
      "--bucket <prefix>",
      "first part of the buckets' names; every account of the stack set has to read them",
    )
    .requiredOption("--units <ids>", "organizational units (ou-...) or the root (r-...), separated by commas")
    .requiredOption("--regions <regions>", "regions in their order, separated by commas")
    .option("--delegated-admin", "the commands are for a delegated administrator's account (CallAs DELEGATED_ADMIN)")
    .option("--max-concurrent <count>", "accounts at a time in each Region", "1")
    .option("--failure-tolerance <count>", "accounts of a Region that may fail before the others are left", "0")
    .option(
      "--parameter <Name=value...>",
      "a parameter of every stack, instead of the stage file's setting; may be repeated",
    )
    .addHelpText(
      "after",
      `
Makes .build/stackset: a template, and the functions' zips under the names that it takes them by, out of the bucket PREFIX-<region> of each region. Takes
settings and policy from the stage's file; its places are not used. Prints the commands that are left to do. Needs neither credentials nor network.`,
    )
    .action(async (options: StackSetOptions) =>
      end((await (await context.deploymentTools()).makeStackSet(withStage(options, context))) ? 0 : 1),
    );
}
