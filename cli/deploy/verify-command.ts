import type { Command } from "commander";
import type { End, Terminal } from "../shell/terminal.ts";
import { ofPlaces, withStage } from "./deploy-commands.ts";
import type { DeploymentContext, VerifyOptions } from "./deployment-tools.ts";

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
