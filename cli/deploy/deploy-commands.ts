import type { Command } from "commander";
import { UsageError } from "../shell/input-error.ts";
import type { End, Terminal } from "../shell/terminal.ts";
import type { DeploymentContext, DeployOptions, InitOptions, StageOptions } from "./deployment-tools.ts";
import { addStageAnswers } from "./stage-answers.ts";

type Context = DeploymentContext & Terminal;

/** `command` with the options that name a stage and some of its places. */
export function ofPlaces(command: Command): Command {
  return ofStageFile(command)
    .option("--account <id>", "only the places of this account")
    .option("--region <region>", "only the places of this region")
    .option("--endpoint-url <url>", "an AWS emulator instead of AWS");
}

/** `command` with the options that name a stage's file. */
export function ofStageFile(command: Command): Command {
  return command
    .option("--stage <stage>", "the stage in the names of the stack (default: the config file's, else dev)")
    .option(
      "--file <file>",
      "the stage's settings (default: deploy/STAGE.yaml; deploy/example.yaml explains each field)",
    )
    .option("--json", "one JSON object a line");
}

/** Returns the options with the stage of the config file, where none is named. */
export function withStage<Options extends Pick<StageOptions, "stage">>(
  options: Options,
  { stage }: Pick<Terminal, "stage">,
): Options {
  return options.stage === undefined && stage !== undefined ? { ...options, stage } : options;
}

/** Deploys a stage from its file, and writes that file. */
export function addDeployCommand(program: Command, context: Context, end: End): void {
  const deploy = ofPlaces(program.command("deploy"))
    .description("deploy a stage to the accounts and regions that its file names (from a checkout)")
    .option("--check", "stop after the checks and the changes: reads, and changes nothing")
    .option("--yes", "do not ask")
    .option("--weaken <names>", "accept that the running stack loses these protections, separated by commas")
    .option("--unchecked <names>", "deploy although these could not be checked, or are in doubt, separated by commas")
    .option("--print-ci-policy", "print the IAM policy that a role needs to deploy the stage, and stop")
    .addHelpText("after", deployHelp)
    .action(async (options: DeployOptions & { readonly printCiPolicy?: true }) => {
      const tools = await context.deploymentTools();
      const asked = withStage(options, context);
      end((options.printCiPolicy ? tools.printCiPolicy(asked) : await tools.deploy(asked)) ? 0 : 1);
    });
  const init = deploy
    .command("init")
    .description("write deploy/STAGE.yaml, with a comment on each field; overwrites nothing");
  addStageAnswers(init.option("--stage <stage>", "the stage in the names of the stack"))
    .option("--file <file>", "the file to write (default: deploy/STAGE.yaml)")
    .option("--json", "answer with one JSON object")
    .addHelpText("after", "\nIn a terminal it asks for every answer that no option gives; elsewhere they are required.")
    .action(async (_: unknown, command: Command) => {
      // `deploy` itself takes those of its options that are typed after `init`.
      const { config: _config, ...options } = command.optsWithGlobals<InitOptions>();
      if (options["stage"] === undefined) throw new UsageError("name the stage with --stage <stage>");
      end((await (await context.deploymentTools()).initialize(options)) ? 0 : 1);
    });
}

const deployHelp = `
Deploys to one place after the other until one fails. In each it checks everything that can be checked before anything is made, shows which settings and
resources will change, asks, deploys, compares the running stack with the file, and prints the next steps. Without the stage's file nothing is deployed, and
one is printed, filled from the running stack.

Credentials: the profile that the file names, or those of the shell. They are resolved once, must belong to the account that the file names, and are the
only ones that the deployment gets.

exit status: 0 deployed (or checked), 1 nothing, or not everything, was deployed, 2 usage.`;
