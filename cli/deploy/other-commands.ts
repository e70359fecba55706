import type { Command } from "commander";
import { quoted } from "../../lib/domain/printable-text.ts";
import { UsageError } from "../shell/input-error.ts";
import type { End, Terminal } from "../shell/terminal.ts";
import { ofPlaces, ofStageFile, withStage } from "./deploy-commands.ts";
import type { DeploymentContext, StackSetOptions, VerifyOptions } from "./deployment-tools.ts";

type Context = DeploymentContext & Terminal;

/** Looks whether a deployed stage works. */
export function addVerifyCommand(program: Command, context: Context, end: End): void {
  ofPlaces(program.command("verify-deployment"))
    .description("look whether the stacks of a stage work, and whether people would be notified (from a checkout)")
    .option("--no-canary", "leave the canary out")
    .addHelpText("after", verifyHelp)
    .action(async (options: VerifyOptions) =>
      end((await (await context.deploymentTools()).verify(withStage(options, context))) ? 0 : 1),
    );
}

const verifyHelp = `
Compares stack, settings and policy with the stage's file; looks at trail, rules, roles, functions, queues, schedule, secrets, keys, audit log, alarms and
subscriptions; and sends a canary: DeleteKey on a key that does not exist, through the real trail and rule, until the guard has it on record. No key is
touched. CloudTrail takes minutes. Credentials: as for \`reprieve deploy\`.

exit status: 0 every check was made and is good, 1 something is bad or could not be checked, 2 usage.`;

/** Makes what CloudFormation StackSets deploy. */
export function addStackSetCommand(program: Command, context: Context, end: End): void {
  ofStageFile(program.command("stackset"))
    .description("make a template and zips for CloudFormation StackSets (from a checkout)")
    .requiredOption(
      "--bucket <prefix>",
      "first part of the buckets' names; every account of the stack set has to read them",
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

/** Prints what Slack needs to know of the stack. */
export function addSlackCommands(program: Command, context: Context): void {
  program
    .command("slack")
    .description("the stack's Slack app")
    .command("manifest")
    .description(
      'print the app\'s manifest for https://api.slack.com/apps, "Create New App", "From a manifest" (from a checkout)',
    )
    .requiredOption("--endpoint <url>", "address of the stack's HTTP API, as the deployment prints it")
    .option("--json", "answer with one JSON object")
    .action(async ({ endpoint, json }: { readonly endpoint: string; readonly json?: true }) => {
      const url = URL.parse(endpoint);
      if (url?.protocol !== "https:" || url.search !== "" || url.username !== "")
        throw new UsageError(`expected the https URL of the stack's HTTP API, found ${quoted(endpoint)}`);
      const manifest = (await context.deploymentTools()).slackManifest(endpoint);
      context.print(json ? JSON.stringify({ endpoint, manifest }) : manifest.trimEnd());
    });
}
