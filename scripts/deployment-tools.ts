import type { DeploymentTools } from "../cli/deploy/deployment-tools.ts";
import { UsageError } from "../cli/shell/input-error.ts";
import { askAtTerminal } from "./deploy/ask-at-terminal.ts";
import { noPlaceText, selectedPlaces } from "./deploy/at-places.ts";
import { ciPolicy, startingPolicy } from "./deploy/ci-policy.ts";
import { type ReadOptions, readDeployOptions } from "./deploy/command.ts";
import { initialize } from "./deploy/initialize.ts";
import { loadStage } from "./deploy/load-stage.ts";
import { makeStackSet } from "./deploy/make-stack-set.ts";
import { packageFromSource } from "./deploy/package-from-source.ts";
import { runDeploy } from "./deploy/run-deploy.ts";
import { runVerify, verifyPlace } from "./deploy/run-verify.ts";
import { slackManifest } from "./deploy/slack-manifest.ts";
import { readVerifyOptions } from "./deploy/verify-command.ts";

/** What the `reprieve` command calls, loaded in a checkout only. */
export const deploymentTools: DeploymentTools = {
  deploy: async (options) => await runDeploy(understood(readDeployOptions(options))),
  printCiPolicy: (options) => {
    const selection = understood(readDeployOptions(options));
    const loaded = loadStage(selection.stage, selection.stageFile);
    if (!loaded.ok) throw new UsageError(loaded.faults.join("\n"));
    const file = { ...loaded.file, places: selectedPlaces(loaded.file, selection) };
    if (file.places.length === 0) throw new UsageError(noPlaceText(selection));
    const isDelegated = file.settings.cloudFormationRole !== "none";
    const policies = isDelegated
      ? { pipeline: startingPolicy(file), cloudFormationRole: ciPolicy(file) }
      : ciPolicy(file);
    console.log(JSON.stringify(policies, null, 2));
    return true;
  },
  initialize: async (options) => await initialize(options, process.stdin.isTTY ? askAtTerminal : undefined),
  verify: async (options) => await runVerify(understood(readVerifyOptions(options))),
  verifyPlace,
  makeStackSet,
  packageFromSource,
  slackManifest,
};

function understood<Command>(read: ReadOptions<Command>): Command {
  if (read.ok) return read.command;
  throw new UsageError(read.faults.join("\n"));
}
