import { bad, good, unknown } from "./check.ts";
import type { Cloud, DeployedStack } from "./cloud.ts";
import type { DeployCommand } from "./command.ts";
import { settingMismatches } from "./deployed-settings.ts";
import { askedOnce, isFirstDeployment } from "./first-deployment.ts";
import { changedMeanwhile } from "./meanwhile.ts";
import { nextSteps } from "./next-steps.ts";
import { outcome } from "./outcome.ts";
import { accountCheck, preflight } from "./preflight.ts";
import { previewed } from "./preview.ts";
import { settingChanges, settingLine, statesNothing, unnamedWeakenings } from "./setting-changes.ts";
import type { Show } from "./shown.ts";
import type { DeployPlace } from "./stage-file.ts";
import { templateSize } from "./template-size.ts";

/** What is deployed, and where to. */
export interface Deployment {
  readonly command: Pick<DeployCommand, "stage" | "weaken" | "unchecked" | "checkOnly" | "yes">;
  readonly place: DeployPlace;
  readonly mode: "observe" | "enforce";
  readonly policyHash: string;
  /** The parsed policy. */
  readonly policy: unknown;
  /** Every place of the stage's file. */
  readonly places: readonly Pick<DeployPlace, "account" | "region">[];
}

/** What a deployment needs of the world. */
export interface DeploymentDeps {
  /** Asks with the same credentials that `deployPackage` deploys with. */
  readonly cloud: Cloud;
  /** Packages the stack, and returns its template. The table of a new stack is not protected yet. */
  readonly makePackage: (isNew: boolean) => Promise<string>;
  /** Deploys what was packaged; throws if that fails. */
  readonly deployPackage: () => Promise<void>;
  readonly confirm: (question: string) => Promise<boolean>;
  /** Returns why the credentials do not last for a deployment, or undefined. */
  readonly expiresTooSoon: () => string | undefined;
  readonly show: Show;
}

/** Checks, shows what will change, asks, deploys, and compares. Returns what failed, or undefined if all went well. */
export async function deployTo(deployment: Deployment, deps: DeploymentDeps): Promise<string | undefined> {
  const stackName = `reprieve-${deployment.command.stage}`;
  const before = { ...deps, cloud: askedOnce(deps.cloud) };
  const refusal = await refusalOf(deployment, before);
  if (refusal !== undefined) return `nothing was deployed: ${refusal}`;
  if (deployment.command.checkOnly) return undefined;
  const meanwhile = await changedMeanwhile(stackName, before.cloud, deps.cloud);
  if (meanwhile !== undefined) return `nothing was deployed: ${meanwhile}`;
  const isFirst = await isFirstDeployment(before.cloud, stackName);
  await deps.deployPackage();
  const protecting = isFirst ? await outcome(deps.cloud.protectTable(stackName)) : { ok: true as const };
  const mismatch = await afterwards(deployment, deps);
  return protecting.ok
    ? mismatch
    : `${unprotected(stackName, protecting.why)}${mismatch === undefined ? "" : `\n${mismatch}`}`;
}

function unprotected(stackName: string, why: string): string {
  return `${stackName} was deployed, but its table is NOT protected against deletion (${why}): deploy again, which switches it on`;
}

/** Returns why nothing may be deployed, or undefined. */
async function refusalOf(deployment: Deployment, deps: DeploymentDeps): Promise<string | undefined> {
  const { command, place, policy, places } = deployment;
  const { cloud, show } = deps;
  const { stage } = command;
  const { account, region, settings } = place;
  const stackName = `reprieve-${stage}`;
  const checks = await preflight(cloud, { stackName, stage, account, region, settings, policy, places });
  for (const check of checks) show({ kind: "check", ...check });
  if (checks.some(({ verdict }) => verdict === "bad")) return "the checks failed";
  const template = await deps.makePackage(await isFirstDeployment(cloud, stackName));
  const refusal = await showChanges(deployment, stackName, template, deps);
  if (refusal !== undefined || command.checkOnly) return refusal;
  // Remembered as it was shown: after the answer it is compared with the template of then.
  await outcome(cloud.template(stackName));
  const open = checks.flatMap(({ acceptedAs }) => acceptedAs ?? []).filter((name) => !command.unchecked.includes(name));
  if (command.yes && open.length > 0)
    return `not checked, or in doubt: ${open.join(", ")} (see above); \`--unchecked ${open.join(",")}\` accepts that`;
  const doubt = open.length === 0 ? "" : `NOT CHECKED, OR IN DOUBT: ${open.join(", ")} (see above). `;
  const question = `Deploy ${stackName} to account ${account}, ${region}, as ${(await cloud.caller()).arn}?`;
  if (!command.yes && !(await deps.confirm(`${doubt}${question}`))) return "not confirmed";
  // As late as can be: a question may stand for an hour.
  const identity = await accountCheck(cloud, account);
  return identity.verdict === "good" ? deps.expiresTooSoon() : identity.found;
}

/** Compares the stack that now runs with the stage's file, and prints the next steps. Returns the differences. */
async function afterwards(deployment: Deployment, { cloud, show }: DeploymentDeps): Promise<string | undefined> {
  const { command, place, mode, policyHash } = deployment;
  const { stage } = command;
  const { region, settings } = place;
  const stackName = `reprieve-${stage}`;
  const deployed = await outcome(cloud.stack(stackName));
  const running = deployed.ok ? deployed.value : undefined;
  const endpoint = running?.outputs["HttpApiUrl"] ?? "URL";
  show({ kind: "text", text: `\n${nextSteps({ stage, region, endpoint, mode, settings })}` });
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
  { cloud, show }: DeploymentDeps,
): Promise<string | undefined> {
  const size = templateSize(template);
  show({ kind: "check", ...{ good, large: unknown, "too large": bad }[size.verdict]("template", size.found) });
  if (size.verdict === "too large") return "CloudFormation takes no template of that size";
  const running = await outcome(cloud.stack(stackName));
  if (!running.ok) return `whether ${stackName} is running is unknown: ${running.why}`;
  const isFirst = await isFirstDeployment(cloud, stackName);
  const weakened = running.value === undefined || isFirst ? [] : showSettings(deployment, running.value, show);
  const preview = await previewed(cloud, stackName, running.value, template, deployment.place.settings);
  show({ kind: "changes", title: preview.title, lines: preview.lines });
  if (preview.refusal !== undefined) return preview.refusal;
  if (weakened.length === 0) return undefined;
  const accept = `\`--weaken ${weakened.join(",")}\` accepts that`;
  return running.value !== undefined && statesNothing(running.value)
    ? `the settings of ${stackName} are unknown: it states none. It may lose protections; ${accept}`
    : `the running stack would lose protections, or could; ${accept}`;
}

/** Prints the settings that change, and returns the protections that would be lost and that the command does not name. */
function showSettings({ command, place, mode }: Deployment, running: DeployedStack, show: Show) {
  const changes = settingChanges(running, place.settings, mode);
  const title = `${changes.length} settings differ from the running stack`;
  show({ kind: "changes", title, lines: changes.map(settingLine) });
  return unnamedWeakenings(changes, command.weaken);
}
