import pc from "picocolors";
import { bad, good, lineOf, unknown } from "./check.ts";
import type { Cloud, DeployedStack } from "./cloud.ts";
import type { DeployCommand } from "./command.ts";
import { settingMismatches } from "./deployed-settings.ts";
import { nextSteps } from "./next-steps.ts";
import { accountCheck, outcome, preflight } from "./preflight.ts";
import { previewed } from "./preview.ts";
import { settingChanges, settingLine, statesNothing, unnamedWeakenings } from "./setting-changes.ts";
import type { DeployPlace } from "./stage-file.ts";
import { templateSize } from "./template-size.ts";

/** What is deployed, and where to. */
export interface Deployment {
  readonly command: Pick<DeployCommand, "stage" | "weaken" | "unchecked" | "checkOnly" | "yes">;
  readonly place: DeployPlace;
  readonly mode: "observe" | "enforce";
  readonly policyHash: string;
}

/** What a deployment needs of the world. */
export interface DeploymentDeps {
  /** Asks with the same credentials that `deployPackage` deploys with. */
  readonly cloud: Cloud;
  /** Packages the stack, and returns its template. */
  readonly makePackage: () => Promise<string>;
  /** Deploys what was packaged; throws if that fails. */
  readonly deployPackage: () => Promise<void>;
  readonly confirm: (question: string) => Promise<boolean>;
  /** Returns why the credentials do not last for a deployment, or undefined. */
  readonly expiresTooSoon: () => string | undefined;
  readonly print: (line: string) => void;
}

/** Checks, shows what will change, asks, deploys, and compares. Returns what failed, or undefined if all went well. */
export async function deployTo(deployment: Deployment, deps: DeploymentDeps): Promise<string | undefined> {
  const refusal = await refusalOf(deployment, deps);
  if (refusal !== undefined) return `nothing was deployed: ${refusal}`;
  if (deployment.command.checkOnly) return undefined;
  await deps.deployPackage();
  return await afterwards(deployment, deps);
}

/** Returns why nothing may be deployed, or undefined. */
async function refusalOf(deployment: Deployment, deps: DeploymentDeps): Promise<string | undefined> {
  const { command, place } = deployment;
  const { cloud, print } = deps;
  const { stage } = command;
  const { account, region, settings } = place;
  const stackName = `reprieve-${stage}`;
  const checks = await preflight(cloud, { stackName, stage, account, region, settings });
  for (const check of checks) print(lineOf(check));
  if (checks.some(({ verdict }) => verdict === "bad")) return "the checks failed";
  const template = await deps.makePackage();
  const refusal = await showChanges(deployment, stackName, template, deps);
  if (refusal !== undefined || command.checkOnly) return refusal;
  const open = checks.flatMap(({ acceptedAs }) => acceptedAs ?? []).filter((name) => !command.unchecked.includes(name));
  if (command.yes && open.length > 0)
    return `not checked: ${open.join(", ")} (see above); \`--unchecked ${open.join(",")}\` accepts that`;
  const doubt = open.length === 0 ? "" : `NOT CHECKED: ${open.join(", ")} (see above). `;
  const question = `Deploy ${stackName} to account ${account}, ${region}, as ${(await cloud.caller()).arn}?`;
  if (!command.yes && !(await deps.confirm(`${doubt}${question}`))) return "not confirmed";
  // As late as can be: a question may stand for an hour.
  const identity = await accountCheck(cloud, account);
  return identity.verdict === "good" ? deps.expiresTooSoon() : identity.found;
}

/** Compares the stack that now runs with the stage's file, and prints the next steps. Returns the differences. */
async function afterwards(deployment: Deployment, { cloud, print }: DeploymentDeps): Promise<string | undefined> {
  const { command, place, mode, policyHash } = deployment;
  const { stage } = command;
  const { region, settings } = place;
  const stackName = `reprieve-${stage}`;
  const deployed = await outcome(cloud.stack(stackName));
  const running = deployed.ok ? deployed.value : undefined;
  const endpoint = running?.outputs["HttpApiUrl"] ?? "URL";
  print(`\n${nextSteps({ stage, region, endpoint, mode, settings })}`);
  if (running === undefined) {
    const why = deployed.ok ? "CloudFormation does not find it" : deployed.why;
    return `${stackName} was deployed, and whether it runs with the settings of the stage's file is unknown: ${why}`;
  }
  const mismatches = settingMismatches(running, { stackName, region, settings, mode, policyHash });
  if (mismatches.length === 0) return undefined;
  return `${stackName} was deployed, and does NOT run with the settings of the stage's file:\n  ${mismatches.join("\n  ")}`;
}

/** Prints what will change. Returns why it may not: something would be lost, or a protection taken away that the command does not name. */
async function showChanges(
  deployment: Deployment,
  stackName: string,
  template: string,
  { cloud, print }: DeploymentDeps,
): Promise<string | undefined> {
  const size = templateSize(template);
  print(lineOf({ good, large: unknown, "too large": bad }[size.verdict]("template", size.found)));
  if (size.verdict === "too large") return "CloudFormation takes no template of that size";
  const running = await outcome(cloud.stack(stackName));
  if (!running.ok) return `whether ${stackName} is running is unknown: ${running.why}`;
  const weakened = running.value === undefined ? [] : showSettings(deployment, running.value, print);
  const preview = await previewed(cloud, stackName, running.value, template);
  printChanges(preview.title, preview.lines, print);
  if (preview.refusal !== undefined) return preview.refusal;
  if (weakened.length === 0) return undefined;
  const accept = `\`--weaken ${weakened.join(",")}\` accepts that`;
  return running.value !== undefined && statesNothing(running.value)
    ? `the settings of ${stackName} are unknown: it states none, as after a first deployment that failed. It may lose protections; ${accept}`
    : `the running stack would lose protections, or could; ${accept}`;
}

/** Prints the settings that change, and returns the protections that would be lost and that the command does not name. */
function showSettings({ command, place, mode }: Deployment, running: DeployedStack, print: DeploymentDeps["print"]) {
  const changes = settingChanges(running, place.settings, mode);
  printChanges(`${changes.length} settings differ from the running stack`, changes.map(settingLine), print);
  return unnamedWeakenings(changes, command.weaken);
}

function printChanges(title: string, lines: readonly string[], print: DeploymentDeps["print"]): void {
  print(`\n${title}`);
  const colourOf = (line: string) => (line.startsWith("+") ? pc.green : line.startsWith("-") ? pc.red : pc.yellow);
  for (const line of lines) print(`  ${colourOf(line)(line)}`);
}
