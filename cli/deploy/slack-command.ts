import type { Command } from "commander";
import { quoted } from "../../lib/domain/printable-text.ts";
import { UsageError } from "../shell/input-error.ts";
import type { Terminal } from "../shell/terminal.ts";
import type { DeploymentContext } from "./deployment-tools.ts";

type Context = DeploymentContext & Terminal;

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
