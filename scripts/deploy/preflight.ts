import { printableText } from "../../lib/domain/printable-text.ts";
import { concurrencyCheck, kmsChecks, leftoversCheck, otherStagesCheck, regionCheck } from "./account-checks.ts";
import { administratorsCheck } from "./administrators.ts";
import { bad, type Check, good, notMade, unknown } from "./check.ts";
import type { Cloud, DeployedStack } from "./cloud.ts";
import { isFirstDeployment } from "./first-deployment.ts";
import { type Attempt, outcome } from "./outcome.ts";
import { policyNamesCheck } from "./policy-doubts.ts";
import { boundaryChecks, fixedFaults, permissionsCheck } from "./role-checks.ts";
import { statesNothing } from "./setting-changes.ts";
import { parameterNames, type StackSettings } from "./settings.ts";
import { whyNotUpdatable } from "./stack-state.ts";
import type { DeployPlace } from "./stage-file.ts";
import { works } from "./trails.ts";

/** What is to be deployed, and where to. */
export interface Plan {
  readonly stackName: string;
  readonly stage: string;
  /** The account that the stage's file names. */
  readonly account: string;
  readonly region: string;
  readonly settings: StackSettings;
  /** The parsed policy. */
  readonly policy: unknown;
  /** Every place of the stage's file. */
  readonly places: readonly Pick<DeployPlace, "account" | "region">[];
}

/** Calls that may go into counting keys: everything before a deployment takes 20 at most, a change set included. */
const countingCalls = { newStack: 4, runningStack: 1, withBoundary: 1 };

/** Returns everything that can be known before anything is made; what depends on something bad is not asked. */
export async function preflight(cloud: Cloud, plan: Plan): Promise<readonly Check[]> {
  const { stackName, region, stage, account, settings, policy, places } = plan;
  const caller = await outcome(cloud.caller());
  const identity = ofAccount(caller, account);
  if (!caller.ok || identity.verdict !== "good") return [identity];
  const stack = await outcome(cloud.stack(stackName));
  const isNew = await isFirstDeployment(cloud, stackName);
  const { reservedConcurrency: reserved } = settings;
  return [
    identity,
    await regionCheck(cloud, region, callsToCount(isNew, settings)),
    await trailCheck(cloud),
    ...(await stackChecks(cloud, plan, stack)),
    ...(isNew || reservesMore(stack, settings) ? [await concurrencyCheck(cloud, region, reserved)] : []),
    await otherStagesCheck(cloud, stage),
    policyNamesCheck(policy, { account, region }, places),
    ...(await kmsChecks(cloud, settings)),
    await permissionsCheck(cloud, caller.value.arn, { stage, account, region, settings }),
    ...(await boundaryChecks(cloud, settings, stack.ok ? stack.value : undefined)),
    ...audienceChecks(settings),
    administratorsCheck(settings, caller.value.arn),
  ];
}

function callsToCount(isNew: boolean, { permissionsBoundary }: StackSettings): number {
  if (!isNew) return countingCalls.runningStack;
  return permissionsBoundary === "none" ? countingCalls.newStack : countingCalls.withBoundary;
}

/** A running stack has its reservations already, unless it runs without. */
function reservesMore(stack: Attempt<DeployedStack | undefined>, { reservedConcurrency }: StackSettings): boolean {
  const running = stack.ok ? stack.value?.parameters[parameterNames.reservedConcurrency] : undefined;
  return running === "off" && reservedConcurrency === "on";
}

/** Tells whether the credentials belong to the account that the stage's file names. */
export async function accountCheck(cloud: Pick<Cloud, "caller">, expected: string): Promise<Check> {
  return ofAccount(await outcome(cloud.caller()), expected);
}

function ofAccount(caller: Attempt<{ readonly account: string; readonly arn: string }>, expected: string): Check {
  if (!caller.ok) return bad("account", `${caller.why}: sign in with \`aws sso login\`, or set AWS_PROFILE`);
  const { account, arn } = caller.value;
  const callerText = `${printableText(account, 12)} (${printableText(arn, 200)})`;
  if (account === expected) return good("account", callerText);
  return bad(
    "account",
    `the credentials belong to ${callerText}, and the stage's file says ${expected}: sign in to ${expected}`,
  );
}

/** Says who is woken, and who learns of a case: a stack that notifies nobody is legal, and easily made by mistake. */
function audienceChecks({ alarmMail, noticeMail, slackChannel }: StackSettings): readonly Check[] {
  const listeners = [
    ...(slackChannel === "none" ? [] : [`Slack channel ${slackChannel}`]),
    ...(noticeMail === "none" ? [] : [noticeMail]),
  ];
  return [
    alarmMail === "none"
      ? unknown("alarms", "NOBODY is alerted: alarmMail is none")
      : good("alarms", `are mailed to ${alarmMail}`),
    listeners.length === 0
      ? unknown("notices", "NOBODY is notified of a case, nor asked to approve: noticeMail and slack are none")
      : good("notices", `go to ${listeners.join(" and ")}`),
  ];
}

const trailPermissions = ["DescribeTrails", "GetTrailStatus", "GetEventSelectors"]
  .map((action) => `cloudtrail:${action}`)
  .join(", ");

/** Tells whether an event can reach EventBridge at all. */
export async function trailCheck(cloud: Pick<Cloud, "trails">): Promise<Check> {
  const trails = await outcome(cloud.trails());
  if (!trails.ok) return notMade("CloudTrail", trails.why, trailPermissions, "trail");
  const useful = trails.value.find(works);
  if (useful !== undefined) return good("CloudTrail", `trail \`${printableText(useful.name, 100)}\` is logging`);
  const unread = trails.value.find(
    ({ logging, managementWrites }) => logging !== false && managementWrites === undefined,
  );
  if (unread !== undefined) {
    const found = `whether trail \`${printableText(unread.name, 100)}\` logs management events that write cannot be read`;
    return notMade("CloudTrail", found, trailPermissions, "trail");
  }
  const why = trails.value.length === 0 ? "there is no trail" : "no trail is logging management events that write";
  return bad(
    "CloudTrail",
    `${why}: without one no event reaches EventBridge; make one (aws cloudtrail create-trail, start-logging)`,
  );
}

/** Looks at the running stack; where there is none yet, at what is in its way. */
async function stackChecks(
  cloud: Cloud,
  { stackName, stage, account, region, settings }: Plan,
  stack: Attempt<DeployedStack | undefined>,
): Promise<readonly Check[]> {
  if (!stack.ok) return [notMade("stack", stack.why, "cloudformation:DescribeStacks")];
  if (stack.value !== undefined) {
    const blocked = whyNotUpdatable(stackName, stack.value.status);
    if (blocked !== undefined) return [bad("stack", blocked)];
    const { value: running } = stack;
    if (!statesNothing(running))
      return [good("stack", `${stackName} is there, and will be changed`), ...fixedFaults(running, settings)];
    const template = await outcome(cloud.template(stackName));
    if (!template.ok) return [notMade("stack", template.why, "cloudformation:GetTemplate", "audit-bucket")];
    if (!(await isFirstDeployment(cloud, stackName)))
      return [good("stack", `${stackName} is there, and will be changed`)];
  }
  return [await leftoversCheck(cloud, stage, `reprieve-${stage}-audit-${account}-${region}`, region)];
}
