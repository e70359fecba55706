import type { Command } from "commander";
import { minuteMs } from "../../lib/domain/time.ts";
import { everywhere } from "../places/everywhere.ts";
import type { Place } from "../places/place.ts";
import type { PlacesContext } from "../places/places-context.ts";
import { ofAccounts, type PlacesOptions } from "../places/places-options.ts";
import type { End, Status } from "../shell/terminal.ts";
import { ofPlaces, withStage } from "./deploy-commands.ts";
import type { DeploymentContext, DeploymentTools, VerifyOptions } from "./deployment-tools.ts";

type Context = DeploymentContext & PlacesContext;
type Options = VerifyOptions & PlacesOptions;

/** The canary alone waits for CloudTrail for 15 min, in silence. */
const timeoutMs = 20 * minuteMs;

/** Looks whether a deployed stage works. */
export function addVerifyCommand(program: Command, context: Context, end: End): void {
  ofAccounts(ofPlaces(program.command("verify-deployment")), ["stage", "account", "region", "endpointUrl"])
    .description("look whether the stacks of a stage work, and whether people would be notified (from a checkout)")
    .option("--no-canary", "leave the canary out")
    .addHelpText("after", verifyHelp)
    .action(async (options: Options) => {
      const tools = await context.deploymentTools();
      const verified = async (here: Context, place?: Place) => await verify(tools, options, here, place);
      end(await everywhere(options, context, { json: "lines", timeoutMs }, verified));
    });
}

async function verify(
  tools: DeploymentTools,
  options: Options,
  context: Context,
  place: Place | undefined,
): Promise<Status> {
  const { access, print, printError } = context;
  if (place === undefined || access === undefined) {
    const { accounts: _accounts, only: _only, parallel: _parallel, timeout: _timeout, ...named } = options;
    return (await tools.verify(withStage(named, context))) ? 0 : 1;
  }
  const { stage, account, region } = place;
  return (await tools.verifyPlace(options, { stage, account, region, access, print, printError })) ? 0 : 1;
}

const verifyHelp = `
Compares stack, settings and policy with the stage's file; looks at trail, rules, roles, functions, queues, schedule, secrets, keys, audit log, alarms and
subscriptions; and sends a canary: DeleteKey on a key that does not exist, through the real trail and rule, until the guard has it on record. No key is
touched. CloudTrail takes minutes. Credentials: as for \`reprieve deploy\`.

exit status: 0 every check was made and is good, 1 something is bad or could not be checked, 2 usage.`;
